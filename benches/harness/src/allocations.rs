//! Counts heap allocations, those of C libraries included, by standing in for `malloc` and its kin.
//!
//! A counter in Rust's global allocator would miss OpenSSL's. Each function counts in thread-local storage
//! and hands on to glibc, so counting costs a contestant about a nanosecond an allocation. On other C
//! libraries nothing is counted and the report says so.

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod counted {
    use core::ffi::c_void;
    use std::cell::Cell;

    thread_local! {
        static COUNT: Cell<u64> = const { Cell::new(0) };
    }

    pub(crate) fn count() -> Option<u64> {
        Some(COUNT.get())
    }

    fn one_more() {
        // An allocation during the teardown of a thread is not worth counting.
        let _ = COUNT.try_with(|count| count.set(count.get() + 1));
    }

    unsafe extern "C" {
        fn __libc_malloc(size: usize) -> *mut c_void;
        fn __libc_calloc(count: usize, size: usize) -> *mut c_void;
        fn __libc_realloc(old: *mut c_void, size: usize) -> *mut c_void;
    }

    // SAFETY, for all three: the contract is C's own and is handed on unchanged; the memory is glibc's, so
    // its `free` and `posix_memalign`, which are not replaced, fit.

    #[unsafe(no_mangle)]
    unsafe extern "C" fn malloc(size: usize) -> *mut c_void {
        one_more();
        unsafe { __libc_malloc(size) }
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn calloc(count: usize, size: usize) -> *mut c_void {
        one_more();
        unsafe { __libc_calloc(count, size) }
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn realloc(old: *mut c_void, size: usize) -> *mut c_void {
        one_more();
        unsafe { __libc_realloc(old, size) }
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
mod counted {
    pub(crate) fn count() -> Option<u64> {
        None
    }
}

/// Allocations of this thread so far; none where they cannot be counted.
pub(crate) fn count() -> Option<u64> {
    counted::count()
}
