using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Bitacora.Testing.Cassandra;

/// <summary>
/// A Cassandra node in this process: it speaks CQL's native protocol v4 and v5 on a loopback address, answers what a driver asks
/// while it connects, and everything else as the test says. Its bytes are written and read by code of its own, so that it does not
/// agree with a client's mistakes.
/// </summary>
public sealed class FakeNode : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, FakePrepared> _prepared = new();
    private readonly ConcurrentDictionary<string, FakePrepared> _declared = new();
    private readonly ConcurrentDictionary<FakeConnection, Task> _connections = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly BuiltInAnswers _builtIn;
    private ImmutableList<ReplyRule> _rules = [];
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private int _accepted;

    private FakeNode(FakeNodeOptions options)
    {
        Options = options;
        _builtIn = new BuiltInAnswers(this);
        EndPoint = new IPEndPoint(options.Address, options.Port);
        Listen();
        Identity = options.Identity with { EndPoint = options.Identity.EndPoint ?? EndPoint };
    }

    public FakeNodeOptions Options { get; }

    public IPEndPoint EndPoint { get; private set; }

    /// <summary>What <c>system.local</c> says.</summary>
    public NodeIdentity Identity { get; set; }

    /// <summary>What <c>system.peers_v2</c> and <c>system.peers</c> say.</summary>
    public IReadOnlyList<NodeIdentity> Peers { get; set; } = [];

    /// <summary>Keyspaces and their replication, as <c>system_schema.keyspaces</c> shows them.</summary>
    public ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> Keyspaces { get; } = new()
    {
        ["system"] = new Dictionary<string, string> { ["class"] = "org.apache.cassandra.locator.LocalStrategy" },
    };

    /// <summary>Tables by <c>keyspace.table</c>: SELECTs read them, PREPARE knows their types; they shadow the system's.</summary>
    public ConcurrentDictionary<string, FakeTable> Tables { get; } = new();

    /// <summary>System tables that this node pretends not to have.</summary>
    public ISet<string> MissingTables { get; } = new HashSet<string>();

    public RequestLog Requests { get; } = new();

    /// <summary>What clients did against the protocol; a good client's test ends with none.</summary>
    public IReadOnlyCollection<string> Violations => [.. _violations];

    /// <summary>The open connections, oldest first.</summary>
    public IReadOnlyList<FakeConnection> Connections => [.. _connections.Keys.OrderBy(connection => connection.Number)];

    /// <summary>Number of connections accepted since the start.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Answers without decoding, logging or allocating, for measurements; asked before all else.</summary>
    public SteadyAnswers? SteadyAnswers { get; set; }

    public static FakeNode Start(FakeNodeOptions? options = null) => new(options ?? new FakeNodeOptions());

    /// <summary>Answers requests that fit; a later rule goes before an earlier one, rules before what is built in.</summary>
    public ReplyRule On(Func<FakeRequest, bool> fits, Func<FakeRequest, FakeReply?> reply, int times = int.MaxValue)
    {
        var rule = new ReplyRule(fits, reply, times);
        ImmutableInterlocked.Update(ref _rules, rules => rules.Insert(0, rule));
        return rule;
    }

    public ReplyRule On(MessageKind kind, FakeReply reply, int times = int.MaxValue) =>
        On(request => request.Kind == kind, _ => reply, times);

    /// <summary>Answers QUERYs of this text and EXECUTEs of what was prepared from it.</summary>
    public ReplyRule On(string cql, FakeReply reply, int times = int.MaxValue) =>
        On(request => request.Cql == cql && request.Kind is MessageKind.Query or MessageKind.Execute, _ => reply, times);

    public void Remove(ReplyRule rule) => ImmutableInterlocked.Update(ref _rules, rules => rules.Remove(rule));

    /// <summary>What a PREPARE of this text answers.</summary>
    public void Declare(FakePrepared prepared) => _declared[prepared.Cql] = prepared;

    /// <summary>Forgets every prepared statement: its next EXECUTE is answered UNPREPARED.</summary>
    public void ForgetPrepared() => _prepared.Clear();

    /// <summary>Sends an event to every connection that registered for it.</summary>
    public void Announce(FakeReply happening, string type)
    {
        foreach (var connection in Connections.Where(connection => connection.RegisteredFor.Contains(type)))
        {
            connection.Send(happening, -1);
        }
    }

    /// <summary>The node dies: connections are reset and new ones refused until <see cref="Listen"/>.</summary>
    public void Die()
    {
        Interlocked.Exchange(ref _listener, null)?.Dispose();
        foreach (var connection in Connections)
        {
            connection.Reset();
        }
    }

    /// <summary>Takes connections, again at the same address and port after <see cref="Die"/>.</summary>
    public void Listen()
    {
        var listener = new Socket(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(EndPoint);
        listener.Listen(512);
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
        _listener = listener;
        _accepting = Task.Run(() => AcceptAsync(listener));
    }

    public async ValueTask DisposeAsync()
    {
        Die();
        await _accepting.ConfigureAwait(false);
        await Task.WhenAll(_connections.Values).ConfigureAwait(false);
    }

    internal bool Speaks(int version) => Options.Versions.Contains(version);

    internal FakeReply Answer(FakeConnection connection, FakeRequest request)
    {
        Requests.Add(request);
        foreach (var rule in _rules)
        {
            if (rule.Answer(request) is { } reply)
            {
                return reply;
            }
        }

        return _builtIn.Answer(connection, request);
    }

    /// <summary>Adds the texts that prepared ids stand for.</summary>
    internal FakeRequest Resolve(FakeRequest request) => request.Kind switch
    {
        MessageKind.Execute => request with { Cql = Prepared(request.PreparedId)?.Cql },
        MessageKind.Batch => request with
        {
            Children = [.. request.Children.Select(child => child with { Cql = child.Cql ?? Prepared(child.PreparedId)?.Cql })],
        },
        _ => request,
    };

    internal FakePrepared? Prepared(byte[]? id) => id is null ? null : _prepared.GetValueOrDefault(Convert.ToHexString(id));

    internal FakePrepared Prepare(string cql)
    {
        var prepared = _declared.GetValueOrDefault(cql) ?? StatementText.Describe(cql, _builtIn.Find);
        _prepared[Convert.ToHexString(prepared.Id)] = prepared;
        return prepared;
    }

    internal void Violated(FakeConnection connection, ProtocolViolationException violation) =>
        _violations.Enqueue($"connection {connection.Number}: {violation.Message}");

    internal void Closed(FakeConnection connection) => _connections.TryRemove(connection, out _);

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            try
            {
                var socket = await listener.AcceptAsync().ConfigureAwait(false);
                var connection = new FakeConnection(this, socket, Interlocked.Increment(ref _accepted));
                var start = new TaskCompletionSource();
                _connections[connection] = RunAsync(connection, start.Task);
                start.SetResult();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    // The connection is in the table before it runs, hence removed after it was added.
    private static async Task RunAsync(FakeConnection connection, Task start)
    {
        await start.ConfigureAwait(false);
        await connection.RunAsync().ConfigureAwait(false);
    }
}
