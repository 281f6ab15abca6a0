using Bitacora.Records;
using Bitacora.Testing.Queries;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>Random records and queries: in memory, sealed and between, the answers are the evaluator's.</summary>
public sealed class AnswersTests
{
    [Fact]
    public Task Answers_are_the_evaluators_wherever_the_records_are() => GeneratedAnswers.CheckAsync(OpenAsync, iterations: 3, queries: 50);

    [Fact(Explicit = true)]
    public Task Answers_are_the_evaluators_for_a_long_time() =>
        GeneratedAnswers.CheckAsync(OpenAsync, iterations: 0, queries: 200, seconds: 50);

    private static Task<IReadOnlyList<IGeneratedStore>> OpenAsync() => Task.FromResult<IReadOnlyList<IGeneratedStore>>(
        [new OpenStore(_ => false), new OpenStore(isMiddle => isMiddle), new OpenStore(_ => true)]);

    private sealed class OpenStore : IGeneratedStore
    {
        private readonly TemporaryDirectory _directory = new();
        private readonly EmbeddedLogStore _store;
        private readonly Func<bool, bool> _seals;

        public OpenStore(Func<bool, bool> seals)
        {
            _seals = seals;
            _store = EmbeddedLogStore.Open(
                new EmbeddedStoreOptions { Directory = _directory.Path, EngineThreads = 2 },
                new FakeTimeProvider(RecordGenerator.Now));
        }

        public ILogStore Store => _store;

        public async Task AppendAsync(RecordBatch batch, ulong sequence, bool isMiddle)
        {
            await _store.AppendAsync(batch, sequence, CancellationToken.None);
            if (_seals(isMiddle))
            {
                await _store.SealAllAsync(CancellationToken.None);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _store.DisposeAsync();
            _directory.Dispose();
        }
    }
}
