using System.Diagnostics;

namespace Bitacora.EndToEnd.Processes;

/// <summary>
/// A real Cassandra for tests of the executable: one that runs already (<c>CASSANDRA_CONTACT_POINTS</c>, <c>CASSANDRA_TEST_NODE</c>), or
/// one that is started from <c>CASSANDRA_HOME</c> and ends with the object.
/// </summary>
public sealed class CassandraNode : IAsyncLifetime
{
    private const string Reason = "no Cassandra: set CASSANDRA_HOME to a folder with bin/cassandra, or CASSANDRA_CONTACT_POINTS";

    private string? _folder;
    private string? _contactPoints;

    /// <summary>Where to connect. Skips the test when there is no server, and says why.</summary>
    public async Task<string> ContactPointsAsync()
    {
        if (_contactPoints is null)
        {
            _contactPoints = await FindAsync();
            Assert.SkipWhen(_contactPoints is null, Reason);
        }

        return _contactPoints;
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (_folder is not null)
        {
            await NodesAsync("stop", _folder);
        }
    }

    private async Task<string?> FindAsync()
    {
        if (Variable("CASSANDRA_CONTACT_POINTS") is { } given)
        {
            return given;
        }

        if (Variable("CASSANDRA_TEST_NODE") is { } started)
        {
            return AddressesOf(await NodesAsync("wait", started));
        }

        if (Variable("CASSANDRA_HOME") is not { } home)
        {
            return null;
        }

        var newest = File.Exists(Path.Combine(home, "bin", "cassandra")) ? home
            : Directory.GetDirectories(home).Where(folder => File.Exists(Path.Combine(folder, "bin", "cassandra")))
                .Max(StringComparer.Ordinal);
        _folder = Directory.CreateTempSubdirectory("cassandra-").FullName;
        await NodesAsync("start", newest!, _folder);
        return AddressesOf(await NodesAsync("wait", _folder));
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string AddressesOf(string lines) => string.Join(',', lines.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private static async Task<string> NodesAsync(params string[] arguments)
    {
        var script = Path.Combine(Product.Root, "tests", "Bitacora.CassandraTests", "nodes");
        var start = new ProcessStartInfo("bash", [script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"nodes {string.Join(' ', arguments)} failed:\n{await errors}");
    }
}
