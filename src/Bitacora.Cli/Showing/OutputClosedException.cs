namespace Bitacora.Cli.Showing;

/// <summary>Whoever read standard output closed it, as <c>head</c> does once it has seen enough.</summary>
internal sealed class OutputClosedException(Exception cause) : IOException("standard output was closed", cause);
