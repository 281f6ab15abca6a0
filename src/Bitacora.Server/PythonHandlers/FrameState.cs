namespace Bitacora.Server.PythonHandlers;

/// <summary>What a buffer has for its reader.</summary>
internal enum FrameState
{
    /// <summary>No whole frame; more must be received.</summary>
    More,

    /// <summary>A frame.</summary>
    Frame,

    /// <summary>A frame that is longer than allowed begins; it is passed over.</summary>
    TooLong,

    /// <summary>A frame is longer than the buffer, which must grow first.</summary>
    NeedsRoom,

    /// <summary>A length that nobody means: what is sent is something else.</summary>
    Foreign,
}
