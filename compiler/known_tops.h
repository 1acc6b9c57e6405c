/* TOP(lengths and hashes of includes, definitions and SIMD definitions): see generated.c. */
// clang-format off
TOP(374, 0xd8cea7f6011fab1e, 24061, 0xf1677a40f3d92819, 22312, 0x7a7fc992c057388c) /* 1.0.36 */
TOP(374, 0xd8cea7f6011fab1e, 26663, 0xed9e10d10b0aa32f, 22757, 0xbc53f8c782083ce8) /* 1.0.37 */
TOP(374, 0xd8cea7f6011fab1e, 26018, 0xc07036734b98c97b, 22835, 0xc4c75210d147f00b) /* 1.0.38-41 */
TOP(374, 0xd8cea7f6011fab1e, 30285, 0xe17a0be5cb2c869b, 24905, 0xc87228c93ae91560) /* 1.0.42 */
