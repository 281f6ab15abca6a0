namespace Bitacora.Cli.Doctor;

/// <summary>How something is.</summary>
internal enum FindingState
{
    Good,

    /// <summary>It works, and will or may not always.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Bad,
}
