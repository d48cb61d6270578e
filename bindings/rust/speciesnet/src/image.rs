// SPDX-License-Identifier: Apache-2.0
//! Images.

use crate::call::{c_path, c_string, check, make, text};
use crate::choices::DecodeLimits;
use crate::error::{Error, Result};
use speciesnet_sys as sys;
use std::ffi::c_void;
use std::path::Path;
use std::ptr::{null, null_mut, NonNull};

/// Properties of an encoded image, from its header; sizes before EXIF orientation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaInfo {
    /// IANA name, such as "image/jpeg", determined from the content.
    pub media_type: &'static str,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// Checks that an image can be decoded, without decoding its pixels.
pub fn validate(
    bytes: &[u8],
    declared_type: Option<&str>,
    limits: DecodeLimits,
) -> Result<MediaInfo> {
    let declared = declared_type.map(c_string).transpose()?;
    let mut info = sys::speciesnet_media_info::default();
    // SAFETY: All pointers are valid during the call; the type's name is static. Sizes are at least
    // 1.
    unsafe {
        check(|error| {
            sys::speciesnet_media_validate(
                bytes.as_ptr().cast(),
                bytes.len(),
                declared.as_ref().map_or(null(), |name| name.as_ptr()),
                &limits.to_c(),
                &mut info,
                error,
            )
        })?;
        Ok(MediaInfo {
            media_type: text(sys::speciesnet_media_type_name(info.r#type)),
            width: info.width.unsigned_abs(),
            height: info.height.unsigned_abs(),
        })
    }
}

/// An image: 8-bit RGB, upright, immutable.
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
        Self::decode_within(bytes, DecodeLimits::default())
    }

    /// As [`Image::decode`], with limits.
    pub fn decode_within(bytes: &[u8], limits: DecodeLimits) -> Result<Self> {
        Self::decode_declared(bytes, None, limits)
    }

    /// Decodes an image with a declared media type, such as "image/png". Validates once.
    pub fn decode_declared(
        bytes: &[u8],
        declared_type: Option<&str>,
        limits: DecodeLimits,
    ) -> Result<Self> {
        let declared = declared_type.map(c_string).transpose()?;
        let limits = limits.to_c();
        // SAFETY: Pointer and length are those of the slice, which is not kept.
        make(|image, error| unsafe {
            sys::speciesnet_image_decode(
                bytes.as_ptr().cast(),
                bytes.len(),
                declared.as_ref().map_or(null(), |name| name.as_ptr()),
                &limits,
                image,
                error,
            )
        })
        .map(Self::own)
    }

    /// Reads and decodes a file.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::open_within(path, DecodeLimits::default())
    }

    /// As [`Image::open`], with limits.
    pub fn open_within(path: impl AsRef<Path>, limits: DecodeLimits) -> Result<Self> {
        let path = c_path(path.as_ref())?;
        let limits = limits.to_c();
        // SAFETY: The string lives during the call.
        make(|image, error| unsafe {
            sys::speciesnet_image_decode_file(path.as_ptr(), &limits, image, error)
        })
        .map(Self::own)
    }

    /// Takes ownership of pixels without a copy: rows from the top, three bytes R, G, B per pixel.
    pub fn from_rgb(width: u32, height: u32, pixels: Vec<u8>) -> Result<Self> {
        let bytes = width as usize * height as usize * 3;
        let sizes = i32::try_from(width).ok().zip(i32::try_from(height).ok());
        let Some((columns, rows)) = sizes.filter(|_| bytes == pixels.len()) else {
            return Err(Error::new(
                sys::SPECIESNET_ERROR_INVALID_ARGUMENT,
                format!("{} bytes are not {width}x{height} pixels", pixels.len()),
            ));
        };
        let address = pixels.as_ptr();
        let owner = Box::into_raw(Box::new(pixels));
        // SAFETY: The pixels live, unchanged, until the library releases the box, which it does
        // exactly once, even on failure.
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

    /// Copies pixels whose rows are `stride` bytes apart, at least 3 · width.
    pub fn from_rows(width: u32, height: u32, stride: usize, pixels: &[u8]) -> Result<Self> {
        let sizes = i32::try_from(width).ok().zip(i32::try_from(height).ok());
        let row = width as usize * 3;
        let needed = stride
            .checked_mul((height as usize).saturating_sub(1))
            .and_then(|bytes| bytes.checked_add(row));
        let fits = needed.is_some_and(|bytes| bytes <= pixels.len());
        let Some((columns, rows)) = sizes.filter(|_| fits) else {
            return Err(Error::new(
                sys::SPECIESNET_ERROR_INVALID_ARGUMENT,
                format!("{} bytes are not {width}x{height} pixels", pixels.len()),
            ));
        };
        // SAFETY: The slice holds all rows; it is copied.
        make(|image, error| unsafe {
            sys::speciesnet_image_from_rgb(
                pixels.as_ptr().cast(),
                columns,
                rows,
                stride,
                None,
                null_mut(),
                image,
                error,
            )
        })
        .map(Self::own)
    }

    /// Returns the width in pixels, after EXIF orientation.
    #[must_use]
    pub fn width(&self) -> u32 {
        // SAFETY: The handle is valid. Sizes are at least 1.
        unsafe { sys::speciesnet_image_width(self.as_ptr()).unsigned_abs() }
    }

    /// Returns the height in pixels, after EXIF orientation.
    #[must_use]
    pub fn height(&self) -> u32 {
        // SAFETY: As width().
        unsafe { sys::speciesnet_image_height(self.as_ptr()).unsigned_abs() }
    }

    /// Returns whether the file or its data ended before the last pixel.
    #[must_use]
    pub fn truncated(&self) -> bool {
        // SAFETY: As width().
        unsafe { sys::speciesnet_image_truncated(self.as_ptr()) != 0 }
    }

    /// Returns the pixels: contiguous rows from the top, R, G, B.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        let length = self.width() as usize * self.height() as usize * 3;
        // SAFETY: The library holds this many immutable bytes as long as the handle lives.
        unsafe { std::slice::from_raw_parts(sys::speciesnet_image_pixels(self.as_ptr()), length) }
    }
}

unsafe extern "C" fn give_back(pixels: *mut c_void) {
    drop(Box::from_raw(pixels.cast::<Vec<u8>>()));
}

impl Drop for Image {
    fn drop(&mut self) {
        // SAFETY: The handle is owned and not used afterwards.
        unsafe { sys::speciesnet_image_free(self.0.as_ptr()) }
    }
}
