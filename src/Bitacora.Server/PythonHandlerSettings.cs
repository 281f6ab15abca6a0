namespace Bitacora.Server;

/// <summary>Where and how the server takes records from Python's <c>SocketHandler</c> and <c>DatagramHandler</c>.</summary>
public sealed record PythonHandlerSettings
{
    /// <summary>
    /// The address for <c>SocketHandler</c>, <c>host:port</c>; port 0 takes a free one. Loopback only, unless
    /// <see cref="ServerOptions.Insecure"/>: the protocol has no keys. Default: empty, off.
    /// </summary>
    public string Tcp { get; init; } = "";

    /// <summary>The address for <c>DatagramHandler</c>, as <see cref="Tcp"/>. Default: empty, off.</summary>
    public string Udp { get; init; } = "";

    /// <summary>The most bytes of one record as Python sends it: 1 KiB to 8 MiB. Default 1 MiB.</summary>
    public int FrameBytes { get; init; } = 1 << 20;

    /// <summary>
    /// How many programs may be connected at once, 1 to 4,096; each takes up to some hundred KiB. Default 256. One more is closed at once.
    /// </summary>
    public int Connections { get; init; } = 256;

    /// <summary>
    /// How long a connection may be silent before it is closed: 1 s to 365 d. Default 1 d, because a <c>SocketHandler</c> loses the next
    /// record after that.
    /// </summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromDays(1);
}
