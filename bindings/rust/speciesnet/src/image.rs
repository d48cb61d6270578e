//! Pictures.

use crate::call::{c_string, make};
use crate::error::{Error, Result};
use speciesnet_sys as sys;
use std::ffi::c_void;
use std::path::Path;
use std::ptr::{null, NonNull};

/// A picture: 8-bit RGB, upright, immutable.
#[derive(Debug)]
pub struct Image(NonNull<sys::speciesnet_image>);

// SAFETY: speciesnet.h: every handle may be used by several threads at once; this one is immutable.
unsafe impl Send for Image {}
unsafe impl Sync for Image {}

impl Image {
    fn own(pointer: *mut sys::speciesnet_image) -> Self {
        Self(NonNull::new(pointer).expect("a function that succeeds gives a handle"))
    }

    pub(crate) fn as_ptr(&self) -> *const sys::speciesnet_image {
        self.0.as_ptr()
    }

    /// Decodes JPEG, PNG, GIF, BMP, WebP or TIFF.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        // SAFETY: Pointer and length are those of the slice, which is not kept.
        make(|image, error| unsafe {
            sys::speciesnet_image_decode(bytes.as_ptr().cast(), bytes.len(), null(), image, error)
        })
        .map(Self::own)
    }

    /// Reads and decodes a file.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = c_string(path.as_ref().as_os_str().as_encoded_bytes())?;
        // SAFETY: The string lives during the call.
        make(|image, error| unsafe {
            sys::speciesnet_image_decode_file(path.as_ptr(), null(), image, error)
        })
        .map(Self::own)
    }

    /// Takes pixels over, without a copy: rows from the top, three bytes R, G, B per pixel.
    pub fn from_rgb(width: u32, height: u32, pixels: Vec<u8>) -> Result<Self> {
        let bytes = width as usize * height as usize * 3;
        let sizes = i32::try_from(width).ok().zip(i32::try_from(height).ok());
        let Some((columns, rows)) = sizes.filter(|_| bytes == pixels.len()) else {
            return Err(Error::new(
                sys::SPECIESNET_INVALID_ARGUMENT,
                format!("{} bytes are no {width}x{height} pixels", pixels.len()),
            ));
        };
        let address = pixels.as_ptr();
        let owner = Box::into_raw(Box::new(pixels));
        // SAFETY: The pixels live, unchanged, until the library gives the box back, which it does
        // exactly once, also if it fails.
        make(|image, error| unsafe {
            sys::speciesnet_image_from_rgb(
                address.cast(),
                columns,
                rows,
                width as usize * 3,
                Some(give_back),
                owner.cast(),
                image,
                error,
            )
        })
        .map(Self::own)
    }

    /// Width in pixels, after EXIF orientation.
    pub fn width(&self) -> u32 {
        // SAFETY: The handle is valid. Sizes are at least 1.
        unsafe { sys::speciesnet_image_width(self.as_ptr()) as u32 }
    }

    /// Height in pixels, after EXIF orientation.
    pub fn height(&self) -> u32 {
        // SAFETY: As width().
        unsafe { sys::speciesnet_image_height(self.as_ptr()) as u32 }
    }

    /// Rows from the top without padding, R, G, B.
    pub fn pixels(&self) -> &[u8] {
        let length = self.width() as usize * self.height() as usize * 3;
        // SAFETY: The library has as many bytes, immutable, as long as the handle lives.
        unsafe { std::slice::from_raw_parts(sys::speciesnet_image_pixels(self.as_ptr()), length) }
    }
}

unsafe extern "C" fn give_back(pixels: *mut c_void) {
    drop(Box::from_raw(pixels.cast::<Vec<u8>>()));
}

impl Drop for Image {
    fn drop(&mut self) {
        // SAFETY: Ours alone, and not used afterwards.
        unsafe { sys::speciesnet_image_free(self.0.as_ptr()) }
    }
}
