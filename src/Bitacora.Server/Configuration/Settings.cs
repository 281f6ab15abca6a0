using System.Globalization;
using Bitacora.Records;
using Bitacora.Storage.Cassandra;

namespace Bitacora.Server.Configuration;

/// <summary>The table of all settings.</summary>
internal static class Settings
{
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("data", "a path", "the data directory, which one server owns",
            (o, text) => Set(text, value => o.Data = value), o => o.Data, o => IsPath(o.Data)),
        new("store", "embedded or cassandra", "where records are kept: on this machine, or on a cluster",
            (o, text) => Enum.TryParse<StoreKind>(text, ignoreCase: true, out var kind) && !char.IsAsciiDigit(text[0]) &&
                Set(kind, value => o.Store = value),
            o => o.Store == StoreKind.Embedded ? "embedded" : "cassandra", _ => true),
        new("cassandra:contact_points", "hosts with commas between them, each with a port or 9042", "nodes of the cluster to begin with",
            (o, text) => Set(text, value => o.Cluster = o.Cluster with { ContactPoints = Split(value) }),
            o => string.Join(',', o.Cluster.ContactPoints),
            o => o.Store == StoreKind.Cassandra
                ? o.Cluster.ContactPoints.Count > 0 && o.Cluster.ContactPoints.All(ClusterSettings.IsContactPoint)
                : o.Cluster.ContactPoints.All(ClusterSettings.IsContactPoint)),
        new("cassandra:keyspace", "lower-case letters, digits and _, beginning with a letter", "the keyspace of the logs",
            (o, text) => Set(text, value => o.Cluster = o.Cluster with { Keyspace = value }), o => o.Cluster.Keyspace,
            o => SchemaOptions.IsKeyspaceName(o.Cluster.Keyspace)),
        Cluster("local_dc", "a name", "the datacenter whose nodes are used",
            c => c.LocalDatacenter, (c, value) => c with { LocalDatacenter = value }),
        Cluster("username", "a name", "the user of the cluster", c => c.Username, (c, value) => c with { Username = value }),
        Cluster("password", "a text", "the user's password; better in the environment than in a file",
            c => c.Password, (c, value) => c with { Password = value }) with
        {
            IsSecret = true,
        },
        Flag("cassandra:tls", "speak TLS with the nodes", o => o.Cluster.Tls, (o, value) => o.Cluster = o.Cluster with { Tls = value }),
        Cluster("tls_ca", "a path", "the authorities (PEM) that sign the nodes' certificates; those of this machine unless given",
            c => c.TlsAuthorities, (c, value) => c with { TlsAuthorities = value }),
        Cluster("tls_cert", "a path", "this client's certificate (PEM), where the cluster asks for one",
            c => c.TlsCertificate, (c, value) => c with { TlsCertificate = value }),
        Cluster("tls_key", "a path", "the certificate's key (PEM), where it does not stand with it",
            c => c.TlsKey, (c, value) => c with { TlsKey = value }),
        Flag("cassandra:tls_verify_name", "whether certificates must be for the node's name",
            o => o.Cluster.TlsVerifyName, (o, value) => o.Cluster = o.Cluster with { TlsVerifyName = value }),
        new("cassandra:acknowledge", "disk or cluster",
            "what an acknowledgement means: on this server's disk, or a quorum of the cluster has it",
            (o, text) => text is "disk" or "cluster" && Set(text == "cluster", value => o.AcknowledgeCluster = value),
            o => o.AcknowledgeCluster ? "cluster" : "disk", _ => true),
        Size("cassandra:backlog", "64MiB to 16TiB", "what may wait in the write-ahead log while the cluster is away",
            o => o.ClusterBacklogBytes, (o, value) => o.ClusterBacklogBytes = value, 64 << 20, 16L << 40),
        new("listen", "http://host:port or https://host:port, several with commas",
            "addresses to listen on; beyond loopback only with keys or insecure, and with https only with tls:certificate",
            (o, text) => Set(text, value => o.Listen = Split(value)),
            o => string.Join(',', o.Listen),
            o => o.Listen.Count > 0
                && o.Listen.All(address => ListenAddress.TryParse(address, out var parsed)
                    && (!parsed.IsTls || o.TlsCertificate.Length > 0))),
        new("tls:certificate", "a path", "the certificate for https, with those that sign it (PEM); renewed files are noticed",
            (o, text) => Set(text, value => o.TlsCertificate = value), o => o.TlsCertificate, _ => true),
        new("tls:key", "a path", "its key (PEM), where it does not stand with it",
            (o, text) => Set(text, value => o.TlsKey = value), o => o.TlsKey, _ => true),
        Flag("insecure", "listen beyond loopback though nobody has to show a key", o => o.Insecure, (o, value) => o.Insecure = value),
        Duration("shutdown", "1s to 10m", "how long a shutdown may take; what is unsealed by then waits in the write-ahead log",
            o => o.ShutdownDeadline, (o, value) => o.ShutdownDeadline = value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        Size("ingest:body", "1KiB to 1TiB", "the most bytes of one request's body, after decompression",
            o => o.BodyBytes, (o, value) => o.BodyBytes = value, 1 << 10, 1L << 40),
        Size("ingest:document", "1KiB to 256MiB, at most half of ingest:in_flight",
            "the same for a body that must be in memory as a whole: a JSON array, a JSON value over several lines, a record batch",
            o => o.DocumentBytes, (o, value) => o.DocumentBytes = (int)value, 1 << 10, 256 << 20) with
        {
            // A window that grows holds its old memory too, until what it has read is copied.
            IsAllowed = o => o.DocumentBytes is >= 1 << 10 and <= 256 << 20 && o.DocumentBytes <= o.InFlightBytes / 2,
        },
        Size("ingest:in_flight", "48MiB to 16GiB", "the most bytes of bodies that all requests together hold in memory",
            o => o.InFlightBytes, (o, value) => o.InFlightBytes = value, 48 << 20, 16L << 30),
        Duration("ingest:hold", "0s to 60s", "how long an answer is held when there is no room, before it is 503",
            o => o.HoldFor, (o, value) => o.HoldFor = value, TimeSpan.Zero, TimeSpan.FromSeconds(60)),
        Record("record:text", "1KiB to 2MiB", "message and traceback together", 1 << 10, 2 << 20,
            l => l.Text, (l, value) => l with { Text = value }),
        Record("record:short_field", "16 to 65535", "source, logger, host and each id, in bytes", 16, ushort.MaxValue,
            l => l.ShortField, (l, value) => l with { ShortField = value }),
        Record("record:attribute_name", "16 to 65535", "an attribute's name, in bytes", 16, ushort.MaxValue,
            l => l.AttributeName, (l, value) => l with { AttributeName = value }),
        Record("record:attribute_value", "16 to 2MiB", "an attribute's text", 16, 2 << 20,
            l => l.AttributeValue, (l, value) => l with { AttributeValue = value }),
        Record("record:attributes", "1 to 4096", "attributes a record", 1, 4096,
            l => l.Attributes, (l, value) => l with { Attributes = value }),
        Record("record:nesting", "1 to 64", "depth to which nested values are flattened", 1, 64,
            l => l.Nesting, (l, value) => l with { Nesting = value }),
        Record("record:size", "64KiB to 4MiB", "a whole record, encoded", 64 << 10, 4 << 20,
            l => l.Record, (l, value) => l with { Record = value }),
        Python("tcp", "listen for Python's SocketHandler", s => s.Tcp, (s, value) => s with { Tcp = value }),
        Python("udp", "listen for Python's DatagramHandler", s => s.Udp, (s, value) => s with { Udp = value }),
        Size("python:frame", "1KiB to 8MiB", "the most bytes of one record as Python sends it",
            o => o.Python.FrameBytes, (o, value) => o.Python = o.Python with { FrameBytes = (int)value }, 1 << 10, 8 << 20),
        Number("python:connections", "1 to 4096", "how many SocketHandlers may be connected; one more is closed at once",
            o => o.Python.Connections, (o, value) => o.Python = o.Python with { Connections = value }, 1, 4096),
        Duration("python:idle", "1s to 365d", "how long a SocketHandler may be silent; closed, it loses its next record",
            o => o.Python.Idle, (o, value) => o.Python = o.Python with { Idle = value }, TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)),
        new("storage:retention", "1h to 3650d, or forever; on a cluster its tables say it", "how long records are kept", TrySetRetention,
            o => o.Retention is { } kept ? SettingText.Duration(kept) : "forever",
            o => o.Retention is not { } kept
                || (o.Store == StoreKind.Embedded && kept >= TimeSpan.FromHours(1) && kept <= TimeSpan.FromDays(3650))),
        Number("storage:segment_records", "1000 to 1048576", "records in memory at which they are written to files as one segment",
            o => o.SegmentRecords, (o, value) => o.SegmentRecords = value, 1000, 1 << 20),
        Duration("query:timeout", "100ms to 1h", "how long a search may run before its answer is partial",
            o => o.QueryTimeout, (o, value) => o.QueryTimeout = value, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
        Number("query:concurrent", "1 to 256", "how many searches run at once; more wait",
            o => o.ConcurrentQueries, (o, value) => o.ConcurrentQueries = value, 1, 256),
        Number("query:tails", "1 to 4096", "how many live tails may be open",
            o => o.ConcurrentTails, (o, value) => o.ConcurrentTails = value, 1, 4096),
    ];

    private static Setting Cluster(
        string name, string allowed, string purpose, Func<ClusterSettings, string?> get,
        Func<ClusterSettings, string?, ClusterSettings> with) => new(
        $"cassandra:{name}", allowed, purpose,
        (o, text) => Set(text, value => o.Cluster = with(o.Cluster, value.Length == 0 ? null : value)),
        o => get(o.Cluster) ?? "", _ => true);

    private static Setting Python(
        string name, string purpose, Func<PythonHandlerSettings, string> get,
        Func<PythonHandlerSettings, string, PythonHandlerSettings> with) => new(
        $"python:{name}", "host:port, or nothing: off; loopback only, unless insecure", purpose,
        (o, text) => Set(text, value => o.Python = with(o.Python, value)),
        o => get(o.Python),
        o => get(o.Python).Length == 0
            || (ListenAddress.TryParseHostAndPort(get(o.Python), out var parsed) && (o.Insecure || parsed.IsLoopback)));

    private static string[] Split(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static Setting Flag(string key, string purpose, Func<ServerOptions, bool> get, Action<ServerOptions, bool> set) => new(
        key, "true or false", purpose,
        (o, text) => bool.TryParse(text, out var value) && Set(value, accepted => set(o, accepted)),
        o => get(o) ? "true" : "false", _ => true);

    private static Setting Duration(
        string key, string allowed, string purpose, Func<ServerOptions, TimeSpan> get, Action<ServerOptions, TimeSpan> set,
        TimeSpan least, TimeSpan most) => new(
        key, allowed, purpose,
        (o, text) => SettingText.TryDuration(text, out var value) && Set(value, accepted => set(o, accepted)),
        o => SettingText.Duration(get(o)), o => get(o) >= least && get(o) <= most);

    private static Setting Size(
        string key, string allowed, string purpose, Func<ServerOptions, long> get, Action<ServerOptions, long> set,
        long least, long most) => new(
        key, allowed, purpose,
        // A size that the option's type cannot hold has the right form and the wrong range: it is clamped, and the range says so.
        (o, text) => SettingText.TrySize(text, out var value) && Set(Math.Min(value, most + 1), accepted => set(o, accepted)),
        o => SettingText.Size(get(o)), o => get(o) >= least && get(o) <= most);

    private static Setting Record(
        string key, string allowed, string purpose, int least, int most,
        Func<RecordLimits, int> get, Func<RecordLimits, int, RecordLimits> with) =>
        Size(key, allowed, purpose, o => get(o.Records), (o, value) => o.Records = with(o.Records, (int)value), least, most);

    private static Setting Number(
        string key, string allowed, string purpose, Func<ServerOptions, int> get, Action<ServerOptions, int> set,
        int least, int most) => new(
        key, allowed, purpose,
        (o, text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) &&
            Set(value, accepted => set(o, accepted)),
        o => get(o).ToString(CultureInfo.InvariantCulture), o => get(o) >= least && get(o) <= most);

    private static bool TrySetRetention(ServerOptions options, string text)
    {
        if (text.Equals("forever", StringComparison.OrdinalIgnoreCase))
        {
            options.Retention = null;
            return true;
        }

        return SettingText.TryDuration(text, out var value) && Set(value, accepted => options.Retention = accepted);
    }

    private static bool IsPath(string path) => path.Trim().Length > 0 && !path.Contains('\0', StringComparison.Ordinal);

    private static bool Set<T>(T value, Action<T> assign)
    {
        assign(value);
        return true;
    }
}
