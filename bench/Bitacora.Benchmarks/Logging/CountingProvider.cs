using Bitacora.Delivery;
using Bitacora.Extensions.Logging;
using Bitacora.Records;

namespace Bitacora.Benchmarks.Logging;

/// <summary>The provider, whole but for the network.</summary>
internal sealed class CountingProvider(CountingProvider.CountingOptions options) : QueueLoggerProvider(
    options, "Logging:Bench", null, _ => options.Destination, null)
{
    public sealed class CountingOptions : QueueLoggerOptions
    {
        public Counter Destination { get; init; } = new();

        protected override void AddFaults(ICollection<string> faults)
        {
        }
    }

    public sealed class Counter : IBatchDestination
    {
        private long _count;

        public long Count => Volatile.Read(ref _count);

        /// <summary>Answers nothing, so that the queue fills.</summary>
        public bool IsAway { get; init; }

        public bool KeepsBatches => false;

        public ulong DurableThrough => 0;

        public ValueTask<Task<IReadOnlyList<RefusedRecord>>> AppendAsync(
            RecordBatch batch, ulong sequence, CancellationToken cancellationToken)
        {
            if (IsAway)
            {
                throw new HttpRequestException("away");
            }

            Interlocked.Add(ref _count, batch.Count);
            return new(RefusedRecord.None);
        }

        public Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken) =>
            Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}
