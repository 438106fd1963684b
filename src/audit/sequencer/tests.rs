mod decide;
#[cfg(feature = "testing")]
mod faults;
#[cfg(feature = "std")]
mod race;

use super::*;
