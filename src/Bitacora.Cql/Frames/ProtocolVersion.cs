namespace Bitacora.Cql.Frames;

/// <summary>The versions of the native protocol that the client speaks.</summary>
internal enum ProtocolVersion : byte
{
    /// <summary>Envelopes back to back, no checksums.</summary>
    V4 = 4,

    /// <summary>Envelopes in checksummed outer frames, once STARTUP has been answered.</summary>
    V5 = 5,
}
