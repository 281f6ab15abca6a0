namespace Bitacora.Storage.Embedded.Files;

/// <summary>
/// A file of the store that could not be opened. It is left as it is and named in status and in every answer that it belongs to.
/// </summary>
/// <param name="Key">Its period.</param>
/// <param name="Path">Where it was: somebody may move it away while the store is open.</param>
/// <param name="Bytes">How large it was then.</param>
/// <param name="WrittenAt">When it was last written, as the system says.</param>
/// <param name="Reason">DuckDB's own.</param>
internal sealed record UnreadableFile(FileKey Key, string Path, long Bytes, DateTimeOffset WrittenAt, string Reason);
