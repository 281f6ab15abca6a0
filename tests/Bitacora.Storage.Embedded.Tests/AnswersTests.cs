using Bitacora.Testing.Storage;

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
}
