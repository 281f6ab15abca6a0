namespace Bitacora.Client.Ring;

/// <summary>What a reader of a ring found.</summary>
internal enum ReadState
{
    /// <summary>An entry.</summary>
    Entry,

    /// <summary>Nothing more was written.</summary>
    Empty,

    /// <summary>The next entry is claimed and its writer has not finished.</summary>
    Unpublished,
}
