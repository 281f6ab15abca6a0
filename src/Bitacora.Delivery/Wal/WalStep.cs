namespace Bitacora.Delivery.Wal;

/// <summary>What a <see cref="WalFileReader"/> came upon.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Bytes">How long it is, an entry's header included.</param>
/// <param name="Header">The entry's header, or the one of a cut entry.</param>
internal readonly record struct WalStep(WalStepKind Kind, long Offset, long Bytes, WalEntryHeader Header);
