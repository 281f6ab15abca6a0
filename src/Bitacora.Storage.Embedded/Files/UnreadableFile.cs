namespace Bitacora.Storage.Embedded.Files;

/// <summary>
/// A file of the store that could not be opened. It is left as it is and named in status and in every answer that it belongs to.
/// </summary>
internal sealed record UnreadableFile(FileKey Key, string Path, string Reason);
