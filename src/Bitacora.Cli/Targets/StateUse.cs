namespace Bitacora.Cli.Targets;

/// <summary>What somebody wants with the state of a data directory, and so what may be made there.</summary>
internal enum StateUse
{
    /// <summary>To see what is remembered: nothing is made.</summary>
    Read,

    /// <summary>To have a server remember something: in the directory of one, not where nobody would ever read it.</summary>
    Write,

    /// <summary>To prepare a server that has not begun yet: the directory is made too.</summary>
    Prepare,
}
