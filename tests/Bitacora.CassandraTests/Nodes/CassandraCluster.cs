using System.Diagnostics;

namespace Bitacora.CassandraTests.Nodes;

/// <summary>One to three real nodes of this machine, started by the script <c>nodes</c>; they end with the object.</summary>
public sealed class CassandraCluster : IAsyncDisposable
{
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "nodes");
    private readonly string _folder;

    private CassandraCluster(string folder, IReadOnlyList<string> contactPoints)
    {
        _folder = folder;
        ContactPoints = contactPoints;
    }

    /// <summary>Each node's address and port, node 1 first.</summary>
    public IReadOnlyList<string> ContactPoints { get; }

    /// <param name="home">The version to start.</param>
    /// <param name="count">1 to 3.</param>
    /// <param name="yaml">Appended to each node's <c>cassandra.yaml</c>.</param>
    public static async Task<CassandraCluster> StartAsync(CassandraHome home, int count = 1, string yaml = "")
    {
        var folder = Directory.CreateTempSubdirectory("cassandra-").FullName;
        var settings = folder + ".yaml";
        await File.WriteAllTextAsync(settings, yaml);
        try
        {
            await RunAsync("start", home.Folder, folder, count.ToString(), settings);
            return await WaitAsync(folder);
        }
        catch
        {
            await RunAsync("stop", folder);
            throw;
        }
        finally
        {
            File.Delete(settings);
        }
    }

    /// <summary>Nodes that somebody else has started in this folder, and who ends them too unless this object is disposed.</summary>
    public static async Task<CassandraCluster> WaitAsync(string folder) =>
        new(folder, (await RunAsync("wait", folder)).Split('\n', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>SIGKILL.</summary>
    public Task KillAsync(int node) => RunAsync("kill", _folder, node.ToString());

    /// <summary>Starts a killed node again and waits until it takes connections.</summary>
    public Task LaunchAsync(int node) => RunAsync("launch", _folder, node.ToString());

    /// <summary>Ends all nodes in order and starts another version on their data.</summary>
    public Task UpgradeAsync(CassandraHome home) => RunAsync("upgrade", _folder, home.Folder);

    /// <summary>Has all nodes running, whatever a failed test has left.</summary>
    public Task RestoreAsync() => RunAsync("restore", _folder);

    /// <summary>SIGSTOP: the node's connections stay open and nothing answers.</summary>
    public Task PauseAsync(int node) => RunAsync("pause", _folder, node.ToString());

    public Task ResumeAsync(int node) => RunAsync("resume", _folder, node.ToString());

    public async ValueTask DisposeAsync() => await RunAsync("stop", _folder);

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("bash", [Script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"nodes {string.Join(' ', arguments)} failed:\n{await errors}");
    }
}
