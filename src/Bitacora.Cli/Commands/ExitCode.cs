namespace Bitacora.Cli.Commands;

/// <summary>How a command ends; scripts rely on these.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    /// <summary>An answer that is not complete, or lines that could not be read.</summary>
    public const int Partial = 3;

    /// <summary><c>alerts check</c>: a rule has fired.</summary>
    public const int Fired = 4;

    public const int Interrupted = 130;
}
