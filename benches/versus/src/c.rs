//! C libraries, looked up when the program runs, so that it is built, and skips them, where they are not installed; and
//! what the process has used.

use std::ffi::{CStr, c_char, c_int, c_ulonglong, c_void};
use std::mem::{MaybeUninit, transmute};

type Argon2idHashRaw =
    unsafe extern "C" fn(u32, u32, u32, *const c_void, usize, *const c_void, usize, *mut c_void, usize) -> c_int;
type CryptoPwhash = unsafe extern "C" fn(
    *mut u8,
    c_ulonglong,
    *const c_char,
    c_ulonglong,
    *const u8,
    c_ulonglong,
    usize,
    c_int,
) -> c_int;

/// A tag of 32 bytes: memory in KiB, passes, password, salt; one lane.
pub type Derive = Box<dyn Fn(u32, u32, &[u8], &[u8; 16]) -> [u8; 32]>;

fn symbol(library: &CStr, name: &CStr) -> Option<*mut c_void> {
    // SAFETY: both are C strings; the library is never closed, so what is found stays.
    let found = unsafe {
        let library = libc::dlopen(library.as_ptr(), libc::RTLD_NOW);
        if library.is_null() { library } else { libc::dlsym(library, name.as_ptr()) }
    };
    (!found.is_null()).then_some(found)
}

/// `argon2id_hash_raw` of argon2.h, package libargon2-1.
pub fn libargon2() -> Option<Derive> {
    let found = symbol(c"libargon2.so.1", c"argon2id_hash_raw")?;
    // SAFETY: the signature of argon2.h.
    let hash = unsafe { transmute::<*mut c_void, Argon2idHashRaw>(found) };
    Some(Box::new(move |m_kib, t, password, salt| {
        let mut tag = [0; 32];
        let (text, length) = (password.as_ptr().cast(), password.len());
        // SAFETY: pointers and lengths of slices that live as long as the call.
        let code = unsafe { hash(t, m_kib, 1, text, length, salt.as_ptr().cast(), 16, tag.as_mut_ptr().cast(), 32) };
        assert_eq!(code, 0, "libargon2 refused");
        tag
    }))
}

/// `crypto_pwhash` of sodium/crypto_pwhash.h with ALG_ARGON2ID13, package libsodium23: passes are its `opslimit`,
/// bytes its `memlimit`, and it has one lane.
pub fn libsodium() -> Option<Derive> {
    let init = symbol(c"libsodium.so.23", c"sodium_init")?;
    let found = symbol(c"libsodium.so.23", c"crypto_pwhash")?;
    // SAFETY: the signatures of sodium/core.h and sodium/crypto_pwhash.h. It chooses its AVX2 or AVX-512 code here.
    let hash = unsafe {
        if transmute::<*mut c_void, unsafe extern "C" fn() -> c_int>(init)() < 0 {
            return None;
        }
        transmute::<*mut c_void, CryptoPwhash>(found)
    };
    Some(Box::new(move |m_kib, t, password, salt| {
        let mut tag = [0; 32];
        let (text, length) = (password.as_ptr().cast(), password.len() as c_ulonglong);
        let bytes = m_kib as usize * 1024;
        // SAFETY: pointers and lengths of slices that live as long as the call; the salt has its 16 bytes.
        let code = unsafe { hash(tag.as_mut_ptr(), 32, text, length, salt.as_ptr(), t.into(), bytes, 2) };
        assert_eq!(code, 0, "libsodium refused");
        tag
    }))
}

/// What this process has used so far.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    pub cpu_seconds: f64,
    pub faults: u64,
}

pub fn usage() -> Usage {
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the structure is filled; zeros are valid as well.
    let usage = unsafe {
        libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr());
        usage.assume_init()
    };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    Usage {
        cpu_seconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
        faults: u64::try_from(usage.ru_minflt).unwrap_or(0),
    }
}
