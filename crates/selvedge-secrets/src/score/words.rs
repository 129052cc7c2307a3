//! Tells random characters from written words, by the pairs of adjacent characters.
//!
//! A value is compared under two models: one in which somebody wrote words or identifiers, and one in which a
//! generator drew every character with equal chance from the value's own alphabet (digits, hex, lower-case
//! letters and digits, …). The difference of the two code lengths, in bits, is the evidence for the generator.
//! Because the alphabet is the value's own, forty hex digits are not punished for carrying four bits each
//! where base64 carries six.
//!
//! The word model is the 4 kB table below. It was fitted with `bench/creddata_bigrams.py` on every distinct
//! word that occurs at least twice in the Rails source tree (2a2db1e8) and in the standard library of
//! Python 3.11.7: counts weighted by `log2(1 + occurrences)`, half an occurrence added to every pair. None of
//! the repositories used for measuring is in it.

/// Rows: previous character; columns: character. A cell is the cost in fifths of a bit, written as the
/// character `0` + cost. Order of both: edge of word, a-z, A-Z, 0-9, anything else (a joint).
#[rustfmt::skip]
static COSTS: [&[u8; SYMBOLS]; SYMBOLS] = [
    br"oGLDHIJMQIYVLIJMGZH?FJPQS^\NRMPQSUWQ\[TPTWN^PLPRYX_ebINPSVWZ[[[o",
    br"MYICF^TIeIhS@DCoGo@C<MSUTO\oohllkoooooloookomifoloooo`\]_``_^`_M",
    br"E@PJO@SVdFHc>TRCScJGXAdchIbdgafcikmeookifmglf`dmojnooTSRSTUTVUVD",
    br"IB[MU@UbAJoDEV_<ZfGN?I^cgPockbgfhkoeoghgjmfoiefolmooo[[YZ\]]][]G",
    br">CQVJ;UQeA\dMU\GUjNJTJ^c_Ro[]X\W]fd]kh`___[m]YYhcaoom[YY[YZ[\\]=",
    br"AIXFERMPdYjaBKBZNR?AD[PPHQi^d\_\bfg^nlb_`c^o_Z[hdgmooc`^accbeddA",
    br"GEXUSGGZf<obJ\TAYlGPLHhhfRohohohloomooijooloikioonoooWVWYXXXYWY8",
    br"?IaW^:[LJEoiLOHM\oBDPH_]lZb^dY_\a`d^dg`_bd[n^X[hbdoooj\^igkoooo>",
    br"?>Y]\;cceAlaTOZ@[cKNEPdakRn_eZ`^aie_og_^db_]_[Xkefoojkbaigiglem@",
    br"TJLDFILFjcd_EH;?K`JBAdLoPoMommlnogoooooooooooooooooooojooooooooQ",
    br"@E[WV:]daN\PUZY<Oc^=\G]WbdcZkgecalgfafo`flkbfiohakgddaZXbccjkmdB",
    br"?IYZS8VR_Cc^LXOTWaVETNaLVY_ZcX]^^cdXhf^[`b\o\TYh_`^oij\]`chlklj<",
    br"DCUZJ<>Zd?l^E`]BTo]IHGTfoLjbi]daeijboodddhaoc_akiloooodcinoooooC",
    br"F=I_U:_akDoaKISC?k]IULfhmPccgbdagnheooheeiaob_bogiooom__fjlooooC",
    br"BC\EABIB_IbTTZMGSc^B>NNfWYh^d\`\afi_oic_`d^o`Z[idgooooacdooooooB",
    br"NNMGDZQNeP^NED:JGo>IHDPKV[dkohhlooolooikookojbhoooooookljooookoI",
    br"F?bTN=V\LGo[B[[AEd@MDJ^cgHl`gcgdcmnaoogfcieocaenimoool^_hkjloloD",
    br"DZ^ZU_Sf]^hiC`ScZWLJV3]^gekediffdionmfkeeegejggklikog`UU\cddgmfC",
    br"AAXLL<WKcAoRSKMAWnIDFNQ_nKo`e^`^cghbongadg`oc^]nhhoooobblkoooooB",
    br"=NfJ^;YZLEmTTYZGKX]E=JbYkNobg_eafmoeonfddfbodb`ogjooonba_nooooo?",
    br"AC_PY<ZbE?ocVS_EUoDIKNbXZIa\aX_[]cc]lk`^`b\o^YZecgoooobaflomooo>",
    br"WJFKNBOPjIoWAC?SCo@C>^do]leooooolooooooooooooooooooooNUR`lomomoV",
    br"J:^V`6_]e>mk_Y_LPo]X[cb`heohmeknlonloommnj]okhkooooooeWV_ZiWgjoG",
    br"A?`XSBZcH=h_QZFAYhBFWacO_i]_d__]bfg^oo`_fbaoa[]hcfoiida^bmomooo>",
    br"AL\EWCUl\GmfWQ`[@bXX=`aePNfR[YZXLjh`oh^ada`la[cjgfnolFDIOVW\[WZ?",
    br";SVPRP\RaUkhKEJS>jZDGd_Rc\YUXTWTZZaVccXXZYTeWRT\]bonej`]boooooo:",
    br"DB]]W5VhZCe]TNTBZhZX[[c`_KIVaocdbnhad`jbfabglehgekhebZ^U`hfdijkE",
    br"HbQFJcYUg\maIUKhJiEHIJZYckfPJHKUSMaMaZEFHeK]EFCLVQPUbVWVY[ZXTZ\H",
    br"C;a__Ih[_Ib`HccEejHdeDbhfIdGPISJT\aJW^GW\MV_ONXIfagQ]SSSUTVVVUVH",
    br"GChecQ\hFUblDZi9^oL[]Lgom[iHUPQGS\JPeKMT]DSiNNJR\ceWfWXSYZ\[[YYI",
    br"@D^dg=hdhAeicc[EooUZeNiifUjILUQAPVXHd\QSWKVcRLWT^ae\dYXXZPOPPZ[C",
    br"@[bbUo``o`lmLQEjaQCZd_KcBfoLTIGPKQaZj[MMEUOSBDI\SYHQeWVYZ\[\\\ZC",
    br"DDce^Qjfi?ifHm]@_iGbaEghdgoDOKMLGX`DbbNYVJafPRPN__dZbSPRVUUVVLJG",
    br"BD\\^Af`YSilMd_O`g=^[M`c^j\NTQ\CXRLH\`NQJPWbIJPPX[`^\cQQ[\[cba\?",
    br"B?e]e@f][Idl^]fEgmkYNOigkP_@YWYA[_VHfXWR[CYbPRCP]b`Z]h[[cagekekD",
    br"N_iaCoW]hggk_J<XSo`OKofcfhkMRHGNNIaWb_HI?DHdMHFcQcQkPeYefjghoioL",
    br"ICYWoL[^]LZZXUY:W`XAbH^]QPOPX^XIXWWM^NZX_LM^U@ZLUK[W`YOXV\WZcY[J",
    br"AKb^]9gcUGkcWTQQd`T\`SeQ[^`QTPS=cTUJ\^RQQUUYTIVT_Q[f^RQ[U]Y`c\nA",
    br"CEngbBiolAjobfiAomm^b[^nofmGWRN?UY_Ce]GVYDJkVJGL\[kS_j\Z^\fdjloE",
    br"I<c`fAddiE`ib`jAdhg]mGmebHeCQ[QAY[eIh_LPYKD^WNRS_ee[be[\`chgjikF",
    br"C@iknHmek[gnjgl?ioo]dIhojcgF[IEFMD^KfTS^RGUe]FBMQ`bYibXadeeiihmC",
    br"KcHWaiLihagc[]KcDoIcUJRWlmoPQHGYPP`NbOHH=MHl@JGGSK[bboecgfonlUmH",
    br"I=mgaIkcWMogMkjAnh>\_MYoeEoF]OVE]YTKoXG\XIM`FOLRXboOec]^\\dfojdH",
    br"HZ\a^adYdY_YZXcX[`_`N:[XZ]_QW^TL[XXVcY?[S]YGMQO=XV^T]][VY\Y]aX^?",
    br"EFfjg:imgQlicfiGhoh_gHmfighFXON@URbFnUOPOFUhNHHPS\dOjcZY]gfljhmD",
    br"BOmHh@fnLHoZW[UKKYlc?F^]fMnN]NXFZVMHgYKTWJPUXHDOYZbWfi[\Rac_dnoF",
    br"BFiao@imKHo_cdoFooEbfSk]oCjG\RWBSaHEgfRUXIMhHNKR_Z^L`WPRchlamgmC",
    br"Obbc\ggabdea]a@bGoMEQ_jhlekMLOPHPQdJjaCICUHcEECU\h]d^>``ejcglieT",
    br"K;]`[>hb]Aa[XY_LKb`]^]b``\]BVT[>WVXH]i]SZUKYWSW\WV^\ZbSLVTbPdadM",
    br"HBfb`FiaF<`^]b[E`o@aaafaXceEf\YKQVNFY\TYKGZ`LCX\XQX_b]Y]\`Z_ea`H",
    br">Z]Z^[_l]Yc^^P]TXe^Z[dhlY]c>ZJRHSOTKZ]THRRB\MSDT\]GOWZTUbXNae^[<",
    br";OcYjQ_]`SY[`WZQb_ceZXdb]_bL[SSMZXYRZZMKMT>YSHETWJUKQZXRTdf\c`e;",
    br"<K]X\E\XUG^\VTUCV[YTY[ZZWXXLXWU>SPSIYRXOWKQ[STZXSOQTENXOVVZ^_YoC",
    br"@NOQQQQong`omioafoohjonk>oo^_^a\]oonoonkooooolbolomm`;BEHHIIIJIC",
    br">OOPMMOochcmmfmodoiaioelgni]\[MQSnmmooiloeloif\fgloocAABEFEEFFFB",
    br"=OONPPPhc_ajca_g^oaa^gdj]jnY[UY[Okjdmgdjhkflcf^jgnnodADCCECGFFGA",
    br">NNMNOOgajalhhidfmdf`icoemeYYYWYZkoimf`iicckad[eeknkbCDBBBEEEEEB",
    br"=NNNMMNlcf`kiabldoehfh_g[ofYYZYW[fkgoieoejeojg\iionleCDDDCBEEDED",
    br">NOONMOkag^oghjjhhjbeh^idoc\[]][[oilookhlhlogeZiljkhbBDDDDCADEDE",
    br">NNNONMfhj`kedfneleheocobkgZ\[\XZikeogggimllhhXjmlojbCEDEBDDBDDF",
    br">NNMNMLo`i`kkhkiinkdinekomcYZZ[XYoolmomjoijlmn]kijoobCCCDDCDCBDH",
    br"=ONNONMj`gaooeWnhoidoibgalfZZ[]Y[omnnkmkgkdonbZoojiocBDDDDDDDCBF",
    br"?MNNNMNhdn`oflklhkjjih_ffgdZ[ZZX[ooiooioooeloo[okool_BEDDEEDDD@E",
    br"HEKBFGGKMFUQIIHKEXFBENLN\^[X\VYYZ__Xhc[XZ^WjYUW_`biohRQTXZZ]]\[F",
];

const SYMBOLS: usize = 64;
const EDGE: usize = 0;
const JOINT: usize = 63;
/// Values longer than this are judged by their first characters: the verdict is clear long before.
const JUDGED_MAX: usize = 256;

/// Bits of evidence that `value` was drawn at random rather than written: positive for random values,
/// negative for words and identifiers.
pub(super) fn randomness_bits(value: &[u8]) -> f32 {
    let value = &value[..value.len().min(JUDGED_MAX)];
    written_bits(value) - drawn_bits(value)
}

/// Code length of `value` as something a person wrote.
fn written_bits(value: &[u8]) -> f32 {
    // Words in capitals are words; the table has seen few of them.
    let capitals = !value.iter().any(u8::is_ascii_lowercase);
    let mut previous = EDGE;
    let mut fifths = 0_u32;
    for byte in value {
        let symbol = symbol_of(if capitals { byte.to_ascii_lowercase() } else { *byte });
        fifths += cost(previous, symbol);
        previous = symbol;
    }
    (fifths + cost(previous, EDGE)) as f32 / 5.0
}

/// Code length of `value` as a uniform draw from the smallest usual alphabet that holds it.
fn drawn_bits(value: &[u8]) -> f32 {
    value.len() as f32 * (alphabet_size(value) as f32).log2()
}

/// Size of the smallest usual alphabet that holds every character of `value`.
pub(super) fn alphabet_size(value: &[u8]) -> usize {
    let lower_hex = value.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let upper_hex = value.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
    let digits = value.iter().any(u8::is_ascii_digit);
    let lower = value.iter().any(u8::is_ascii_lowercase);
    let upper = value.iter().any(u8::is_ascii_uppercase);
    let other = value.iter().any(|byte| !byte.is_ascii_alphanumeric());
    if digits && !lower && !upper && !other {
        return 10;
    }
    if lower_hex || upper_hex {
        return 16;
    }
    let size = if digits { 10 } else { 0 } + if lower { 26 } else { 0 } + if upper { 26 } else { 0 };
    size + if other { 2 } else { 0 }
}

fn cost(previous: usize, symbol: usize) -> u32 {
    u32::from(COSTS[previous][symbol] - b'0')
}

fn symbol_of(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => usize::from(byte - b'a') + 1,
        b'A'..=b'Z' => usize::from(byte - b'A') + 27,
        b'0'..=b'9' => usize::from(byte - b'0') + 53,
        _ => JOINT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, random: bool) {
        let bits = randomness_bits(value.as_bytes());
        assert_eq!(bits > 4.0, random, "{value}: {bits}");
    }

    #[test]
    fn words_and_identifiers_are_written() {
        check("password", false);
        check("getUserPassword", false);
        check("session_secret_file", false);
        check("application/json", false);
        check("ActiveRecord", false);
        check("my-service-name", false);
        check("en-US", false);
        check("HTTP_REQUEST", false);
    }

    #[test]
    fn drawn_characters_are_random() {
        check("q8Zk3vT0xLw9", true);
        check("9f86d081884c7d65", true);
        check("x7kq2mzv9w3p", true);
        check("QKZJXWVHGQ", true);
        check("Jq/3+ZkP0wVt", true);
    }

    #[test]
    fn every_cell_of_the_table_is_a_cost() {
        for row in COSTS {
            assert!(row.iter().all(|cell| (b'0'..=b'0' + 63).contains(cell)));
        }
    }
}
