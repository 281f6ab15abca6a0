namespace Bitacora.Storage;

/// <summary>Who holds a data directory, as written into its lock file.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="Host">Machine name.</param>
/// <param name="Since">When it was taken, UTC.</param>
internal sealed record DirectoryHolder(int Pid, string Host, DateTimeOffset Since);
