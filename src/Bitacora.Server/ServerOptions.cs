using Bitacora.Alerting;
using Bitacora.Records;
using Bitacora.Server.Configuration;
using Bitacora.Storage.Cassandra;

namespace Bitacora.Server;

/// <summary>
/// What a server does and where. The defaults need no set-up. <see cref="ServerConfiguration"/> fills it from the file, the environment
/// and flags; <see cref="BitacoraServer"/> refuses values outside the ranges given here, all of them at once.
/// </summary>
public sealed class ServerOptions
{
    /// <summary>The address of a server that was told nothing: <c>http://127.0.0.1:7600</c>.</summary>
    public const string DefaultAddress = "http://127.0.0.1:7600";

    /// <summary>
    /// Where a server that was told nothing keeps its data: <c>bitacora</c> in the user's data folder (<c>~/.local/share</c>).
    /// </summary>
    public static string DefaultData { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "bitacora");

    /// <summary>Where records are kept. Default: on this machine.</summary>
    public StoreKind Store { get; set; } = StoreKind.Embedded;

    /// <summary>How to reach the cluster, where <see cref="Store"/> is <see cref="StoreKind.Cassandra"/>.</summary>
    public ClusterSettings Cluster { get; set; } = new();

    /// <summary>
    /// Whether an acknowledgement means that the cluster has the records, not only this server's disk. Default false.
    /// </summary>
    public bool AcknowledgeCluster { get; set; }

    /// <summary>
    /// Bytes of records that may wait in the write-ahead log while the cluster is away, before senders have to wait: 64 MiB to 16 TiB.
    /// Default 10 GiB.
    /// </summary>
    public long ClusterBacklogBytes { get; set; } = 10L << 30;

    /// <summary>The data directory, one server's own. Default <see cref="DefaultData"/>.</summary>
    public string Data { get; set; } = DefaultData;

    /// <summary>Addresses to listen on, <c>http://host:port</c>; port 0 takes a free one. Default <see cref="DefaultAddress"/>.</summary>
    public IReadOnlyList<string> Listen { get; set; } = [DefaultAddress];

    /// <summary>How this machine reaches a server with these options: the first of <see cref="Listen"/>.</summary>
    public Uri Address => ListenAddress.Reachable(Listen[0]);

    /// <summary>Whether it may listen beyond loopback though nobody has to show a key. Default false.</summary>
    public bool Insecure { get; set; }

    /// <summary>The certificate for addresses with https, with those that sign it (PEM); default none.</summary>
    public string TlsCertificate { get; set; } = "";

    /// <summary>The certificate's key (PEM); empty, the default, where it stands with it.</summary>
    public string TlsKey { get; set; } = "";

    /// <summary>How long a shutdown may take; what is not sealed by then waits in the write-ahead log. Default 30 s.</summary>
    public TimeSpan ShutdownDeadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The most bytes of one request's body, after decompression: 1 KiB to 1 TiB. Default 1 GiB. Lines are read piece by piece, so
    /// this bounds a sender's patience, not the server's memory.
    /// </summary>
    public long BodyBytes { get; set; } = 1L << 30;

    /// <summary>
    /// The most bytes of a body that has to be in memory as a whole (a JSON array, a JSON value over several lines, a record batch),
    /// after decompression: 1 KiB to 256 MiB and at most half of <see cref="InFlightBytes"/>. Default 16 MiB.
    /// </summary>
    public int DocumentBytes { get; set; } = 16 << 20;

    /// <summary>The most bytes of bodies that all requests together hold in memory: 48 MiB to 16 GiB. Default 96 MiB.</summary>
    public long InFlightBytes { get; set; } = 96L << 20;

    /// <summary>
    /// How long an answer is held when the server has no room, before it is refused with 503: 0 to 60 s. Default 5 s, because
    /// most clients lose what is refused and give up at 10 s.
    /// </summary>
    public TimeSpan HoldFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Where records of Python's own handlers come in. Default: nowhere.</summary>
    public PythonHandlerSettings Python { get; set; } = new();

    /// <summary>What one record may hold.</summary>
    public RecordLimits Records { get; set; } = RecordLimits.Default;

    /// <summary>How long records are kept, by age: from 1 h; null keeps them for ever. Default null.</summary>
    public TimeSpan? Retention { get; set; }

    /// <summary>Records in memory at which they are written to files as one segment: 1,000 to 1,048,576. Default 65,536.</summary>
    public int SegmentRecords { get; set; } = 65_536;

    /// <summary>How long a search may run before its answer is partial: 100 ms to 1 h. Default 30 s.</summary>
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many searches run at once, 1 to 256; more wait. Default 4.</summary>
    public int ConcurrentQueries { get; set; } = 4;

    /// <summary>How many live tails may be open, 1 to 4,096. Default 64.</summary>
    public int ConcurrentTails { get; set; } = 64;

    /// <summary>
    /// The rules that are judged and who is told. Default null: no alerting, as in a server that a command starts for itself;
    /// <see cref="ServerConfiguration"/> puts the file's section <c>alerts</c> here, or the default rules.
    /// </summary>
    public AlertSettings? Alerts { get; set; }

    /// <summary>
    /// Where the store and its write-ahead log are: the data directory; for a cluster a directory in it, because a log belongs to one
    /// store.
    /// </summary>
    internal string StoreDirectory => Store == StoreKind.Cassandra ? Path.Combine(Data, "cassandra") : Data;
}
