//! Software bills of materials and VEX documents, in and out.
