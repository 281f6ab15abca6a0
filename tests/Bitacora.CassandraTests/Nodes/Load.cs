using System.Collections.Concurrent;
using Bitacora.Cql;

namespace Bitacora.CassandraTests.Nodes;

/// <summary>
/// Writers that insert rows, alone and ten in a batch, until they are stopped. Every row that was acknowledged must be there in the end,
/// under its own key, and no row that nobody wrote.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    private const int Writers = 16;
    private const int RowsPerTurn = 11;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Keyspace _keyspace;
    private readonly CqlRequestOptions _options;
    private readonly PreparedStatement _insert;
    private readonly ConcurrentDictionary<int, bool> _acknowledged = new();
    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;
    private int _next;

    private Load(Keyspace keyspace, PreparedStatement insert, CqlRequestOptions options)
    {
        _keyspace = keyspace;
        _options = options;
        _insert = insert;
        _writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(WriteAsync)));
    }

    public IReadOnlyCollection<Exception> Failures => _failures;

    public int Acknowledged => _acknowledged.Count;

    public static async Task<Load> StartAsync(Keyspace keyspace, CqlRequestOptions options) =>
        new(keyspace, await keyspace.Session.PrepareAsync(keyspace.Insert), options);

    /// <summary>Ends when so many more rows are acknowledged.</summary>
    public async Task WrittenAsync(int more)
    {
        var goal = _acknowledged.Count + more;
        using var patience = new CancellationTokenSource(Patience);
        while (_acknowledged.Count < goal)
        {
            patience.IsCancellationRequested.ShouldBeFalse($"{goal - _acknowledged.Count} rows are missing. {_failures.LastOrDefault()}");
            await Clock.WaitAsync(TimeSpan.FromMilliseconds(20));
        }
    }

    /// <summary>No row failed, and all are there.</summary>
    public async Task StopAndCheckAsync()
    {
        await StopAsync();
        _failures.ShouldBeEmpty(_failures.FirstOrDefault()?.ToString());
        await CheckAsync();
    }

    /// <summary>Whatever failed: what was acknowledged is there.</summary>
    public async Task CheckAsync()
    {
        var options = new CqlRequestOptions { IsIdempotent = true, Timeout = TimeSpan.FromSeconds(60) };
        var select = await _keyspace.Session.PrepareAsync($"SELECT id, name FROM {_keyspace.Table}");
        var ids = new HashSet<int>();
        await foreach (var page in _keyspace.Session.ReadPagesAsync(select, default(NoValues), options))
        {
            Check(page, ids);
        }

        _acknowledged.Keys.Except(ids).ShouldBeEmpty();
        ids.Max().ShouldBeLessThanOrEqualTo(_next);
    }

    /// <summary>Frees what it remembers of its rows.</summary>
    public void Forget()
    {
        _acknowledged.Clear();
        _failures.Clear();
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _writing.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private static string Name(int id) => $"row {id}";

    private static void Check(CqlResult page, HashSet<int> ids)
    {
        foreach (var row in page)
        {
            var id = row[0].GetInt32();
            ids.Add(id).ShouldBeTrue($"row {id} came twice");
            row[1].GetText().ShouldBe(Name(id));
        }
    }

    private async Task WriteAsync()
    {
        using var batch = new UnloggedBatch();
        while (!_stop.IsCancellationRequested)
        {
            var last = Interlocked.Add(ref _next, RowsPerTurn);
            try
            {
                batch.Clear();
                for (var id = last - RowsPerTurn + 2; id <= last; id++)
                {
                    batch.Add(_insert, new Person(id, Name(id)));
                }

                await _keyspace.Session.ExecuteAsync(batch, _options);
                Acknowledge(last - RowsPerTurn + 2, last);
                await _keyspace.Session.ExecuteAsync(_insert, new Person(last - RowsPerTurn + 1, Name(last - RowsPerTurn + 1)), _options);
                Acknowledge(last - RowsPerTurn + 1, last - RowsPerTurn + 1);
            }
            catch (CqlException failure)
            {
                _failures.Enqueue(failure);
            }
        }
    }

    private void Acknowledge(int first, int last)
    {
        for (var id = first; id <= last; id++)
        {
            _acknowledged[id] = true;
        }
    }
}
