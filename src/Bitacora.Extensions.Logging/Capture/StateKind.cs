namespace Bitacora.Extensions.Logging.Capture;

/// <summary>What is known of a state's type: how its message comes about, so that it may be made later.</summary>
internal enum StateKind
{
    /// <summary>Nothing: its formatter is called at once.</summary>
    Other,

    /// <summary>The framework's, of <c>LogInformation("…", values)</c>: values fill holes in order.</summary>
    Formatted,

    /// <summary>The framework's, of <c>LoggerMessage.Define</c>: values fill holes in order.</summary>
    Defined,

    /// <summary>A structure that the generator of <c>[LoggerMessage]</c> wrote: values fill holes by name.</summary>
    Generated,
}
