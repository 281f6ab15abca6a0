namespace Bitacora.Cli.Tests;

/// <summary>What a command wrote and how it ended.</summary>
internal sealed record CommandOutcome(int ExitCode, string Out, string Error);
