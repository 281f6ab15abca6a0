using Bitacora.Cql.Connections;
using Bitacora.Cql.Frames;
using Bitacora.Cql.Messages;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Tests;

/// <summary>
/// Every order in which requests may come, be answered, pass their deadline, be given up and lose their connection, one step after the
/// other: a connection does each of these under its lock, so that there are no other schedules.
/// </summary>
public class RequestScheduleTests
{
    private const int Requests = 3;
    private static readonly int[] Numbers = [.. Enumerable.Range(0, Requests)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void In_every_order_each_request_ends_once_and_each_stream_is_free_again(int streams)
    {
        var schedules = 0;
        Explore([], streams, ref schedules);
        schedules.ShouldBeGreaterThan(1_000);
    }

    /// <summary>Goes on in every way that is possible. Steps cannot be taken back: those before are done anew.</summary>
    private static void Explore(List<Step> done, int streams, ref int schedules)
    {
        var ways = Replay(done, streams).Possible();
        if (ways.Count == 0)
        {
            Replay(done, streams).CheckEnd();
            schedules++;
        }

        foreach (var step in ways)
        {
            done.Add(step);
            Explore(done, streams, ref schedules);
            done.RemoveAt(done.Count - 1);
        }
    }

    private static Schedule Replay(List<Step> steps, int streams)
    {
        var schedule = new Schedule(streams);
        try
        {
            steps.ForEach(schedule.Take);
        }
        catch (ShouldAssertException)
        {
            Assert.Fail($"After {string.Join(", ", steps)}");
        }

        return schedule;
    }

    private enum Happening
    {
        Come,
        Answer,
        Expire,
        GiveUp,
        Lose,
    }

    private readonly record struct Step(Happening Happening, int Request);

    private sealed class Schedule
    {
        private readonly StubRequest[] _all = [.. Numbers.Select(_ => new StubRequest())];
        private readonly List<StubRequest> _waiting = [];
        private readonly HashSet<StubRequest> _unanswered = [];
        private readonly RequestsInFlight _inFlight;
        private readonly int _streams;
        private bool _lost;

        public Schedule(int streams)
        {
            _streams = streams;
            var outgoing = new OutgoingFrames(ProtocolVersion.V4);
            var options = new CqlOptions { ContactPoints = ["x"], MaxRequestsInFlight = streams };
            _inFlight = new RequestsInFlight(options, ProtocolVersion.V4, outgoing);
        }

        /// <summary>Requests come in their order; the rest in any.</summary>
        public List<Step> Possible()
        {
            var steps = new List<Step>();
            var come = Array.FindIndex(_all, request => !request.HasCome);
            if (!_lost)
            {
                steps.AddRange(come >= 0 ? [new Step(Happening.Come, come)] : []);
                steps.AddRange(Numbers.Where(i => _unanswered.Contains(_all[i])).Select(i => new Step(Happening.Answer, i)));
                steps.AddRange(Numbers.Where(i => _all[i].IsPending).Select(i => new Step(Happening.Expire, i)));
                steps.AddRange(Numbers.Where(i => _all[i].IsPending).Select(i => new Step(Happening.GiveUp, i)));
                steps.AddRange(_all.Any(request => request.IsPending) ? [new Step(Happening.Lose, 0)] : []);
            }

            return steps;
        }

        public void Take(Step step)
        {
            var request = _all[step.Request];
            var taken = new List<Request>();
            switch (step.Happening)
            {
                case Happening.Come:
                    request.HasCome = true;
                    _waiting.Add(request);
                    _inFlight.Add(request);
                    break;
                case Happening.Answer:
                    var wasPending = request.IsPending;
                    var state = _inFlight.Answered(request.Stream, out var answered);
                    (state == (wasPending ? StreamState.Pending : StreamState.Orphaned)).ShouldBeTrue();
                    (answered == (wasPending ? request : null)).ShouldBeTrue();
                    _unanswered.Remove(request);
                    (answered as StubRequest)?.End();
                    break;
                case Happening.Expire:
                    request.ExpireAt(1);
                    _inFlight.TakeExpired(1, taken);
                    (taken.Count == 1 && taken[0] == request).ShouldBeTrue();
                    request.End();
                    break;
                case Happening.GiveUp:
                    _inFlight.Remove(request, 1);
                    request.End();
                    break;
                default:
                    _inFlight.TakeAll(taken);
                    taken.ToHashSet().SetEquals(_all.Where(candidate => candidate.IsPending)).ShouldBeTrue();
                    taken.ForEach(lost => ((StubRequest)lost).End());
                    _lost = true;
                    break;
            }

            CheckPlaces();
        }

        public void CheckEnd()
        {
            _all.All(request => request.Ends == (request.HasCome ? 1 : 0)).ShouldBeTrue();
            (_lost || (_inFlight.Count, _inFlight.Orphans, _inFlight.Waiting) == (0, 0, 0)).ShouldBeTrue();
        }

        /// <summary>First come, first served; a stream is in use until its answer comes; whoever can be served is.</summary>
        private void CheckPlaces()
        {
            _waiting.RemoveAll(request => !request.IsPending);
            while (_waiting.FirstOrDefault() is { IsWaiting: false } served)
            {
                _waiting.Remove(served);
                _unanswered.Add(served).ShouldBeTrue();
                (_unanswered.Count(other => other.Stream == served.Stream) == 1).ShouldBeTrue();
            }

            var isRight = _waiting.All(request => request.IsWaiting) && (_lost || (
                _inFlight.Waiting == _waiting.Count &&
                _inFlight.Count == _unanswered.Count + _waiting.Count &&
                _inFlight.Orphans == _unanswered.Count(request => !request.IsPending) &&
                (_waiting.Count == 0 || _unanswered.Count == _streams)));
            isRight.ShouldBeTrue();
        }
    }

    private sealed class StubRequest : Request
    {
        public StubRequest()
        {
            Size = EnvelopeHeader.Size;
            Deadline = long.MaxValue;
        }

        public bool HasCome { get; set; }

        public int Ends { get; private set; }

        public bool IsPending => HasCome && Ends == 0;

        public override Opcode Opcode => Opcode.Query;

        public override ColumnSet? KnownColumns => null;

        public void ExpireAt(long time) => Deadline = time;

        public void End()
        {
            Ends++;
            (Ends == 1 && Owner is null).ShouldBeTrue();
        }

        public override int Measure(ProtocolVersion version) => 0;

        public override void Write(ref WireWriter writer, ProtocolVersion version)
        {
        }

        public override void ColumnsChanged(ReadOnlySpan<byte> newId, ColumnSet columns) => throw new NotSupportedException();

        public override void Succeed(CqlResult result) => throw new NotSupportedException();

        public override void Fail(CqlException error, bool wasSent) => throw new NotSupportedException();

        public override void Cancel() => throw new NotSupportedException();
    }
}
