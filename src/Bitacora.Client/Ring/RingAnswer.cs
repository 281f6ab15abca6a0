namespace Bitacora.Client.Ring;

/// <summary>What a ring says to a writer.</summary>
internal enum RingAnswer
{
    /// <summary>The entry is in the ring.</summary>
    Taken,

    /// <summary>The entry is in the ring, and so much waits to be read that the reader should be woken.</summary>
    TakenAndMany,

    /// <summary>There is no room.</summary>
    Full,

    /// <summary>Nothing is taken any more.</summary>
    Closed,
}
