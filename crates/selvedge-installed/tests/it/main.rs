//! Behaviour over whole trees and images.
