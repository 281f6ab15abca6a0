using System.Diagnostics;
using Bitacora.Cql;

namespace Bitacora.CassandraTests.Nodes;

/// <summary>
/// A node with users, whom its guardrails hold: mutations up to half a mebibyte, write timestamps within an hour of its clock (5.0),
/// indexed terms of the default length. Started by the first test that asks.
/// </summary>
public sealed class GuardedNode : IAsyncLifetime
{
    private const string Guards = """
        authenticator: PasswordAuthenticator
        authorizer: CassandraAuthorizer
        commitlog_segment_size: 1MiB

        """;

    private const string TimestampGuards = """
        maximum_timestamp_fail_threshold: 1h
        minimum_timestamp_fail_threshold: 1h

        """;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    private CassandraCluster? _cluster;

    public static CqlCredentials Operators { get; } = new("cassandra", "cassandra");

    /// <summary>An ordinary user, without any right that a test does not give.</summary>
    public static CqlCredentials User { get; } = new("jo", "pw");

    public ValueTask InitializeAsync() => default;

    public async Task<IReadOnlyList<string>> ContactPointsAsync()
    {
        if (_cluster is null)
        {
            var home = Servers.Own();
            _cluster = await CassandraCluster.StartAsync(home, yaml: home.Version.StartsWith('4') ? Guards : Guards + TimestampGuards);
            await using var session = await ConnectAsync(_cluster.ContactPoints);
            await session.QueryAsync("CREATE ROLE jo WITH PASSWORD = 'pw' AND LOGIN = true");
        }

        return _cluster.ContactPoints;
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    // The first user appears a moment after the node takes connections.
    private static async Task<CqlSession> ConnectAsync(IReadOnlyList<string> contactPoints)
    {
        var options = new CqlOptions { ContactPoints = contactPoints, Credentials = Operators };
        for (var since = Stopwatch.StartNew(); ; await Clock.WaitAsync(TimeSpan.FromMilliseconds(500)))
        {
            try
            {
                return await CqlSession.ConnectAsync(options);
            }
            catch (CqlException) when (since.Elapsed < _patience)
            {
                // Not there yet.
            }
        }
    }
}
