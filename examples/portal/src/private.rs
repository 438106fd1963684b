//! Files that only the portal may read: keys.

use std::fs::{File, OpenOptions, Permissions, hard_link, remove_file};
use std::io::{Error, ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// The file's bytes; made by `make` at the first start, and written to disk before it is used.
///
/// # Errors
/// What the file system reports; or the file may be read by others: it is then no secret any more.
pub fn kept(path: &Path, make: impl FnOnce() -> Result<Vec<u8>, Error>) -> Result<Vec<u8>, Error> {
    if !path.exists() {
        let bytes = make()?;
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        // What a start that was cut off has left.
        remove_file(&part).or_else(|error| if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) })?;
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        hard_link(&part, path)?; // whole, or not there; never over another
        remove_file(&part)?;
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
        return Ok(bytes);
    }
    let mut file = File::open(path)?;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        return Err(Error::other(format!("{} may be read by others; expected mode 600", path.display())));
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A folder for such files, closed to others.
pub fn folder(path: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(path)?;
    std::fs::set_permissions(path, Permissions::from_mode(0o700))
}
