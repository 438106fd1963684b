mod decide;
mod race;

use super::*;
