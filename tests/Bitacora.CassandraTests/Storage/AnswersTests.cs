using Bitacora.CassandraTests.Nodes;
using Bitacora.Testing.Storage;

namespace Bitacora.CassandraTests.Storage;

/// <summary>Random records and queries: waiting, in the cluster and between, the answers are the evaluator's.</summary>
public sealed class AnswersTests(OrdinaryNode node)
{
    [Fact]
    public Task Answers_are_the_evaluators_wherever_the_records_are() => GeneratedAnswers.CheckAsync(OpenAsync, iterations: 2, queries: 40);

    [Fact(Explicit = true)]
    public Task Answers_are_the_evaluators_for_a_long_time() =>
        GeneratedAnswers.CheckAsync(OpenAsync, iterations: 0, queries: 200, seconds: 180);

    private async Task<IReadOnlyList<IGeneratedStore>> OpenAsync()
    {
        var contactPoints = await node.ContactPointsAsync();
        return
        [
            await OpenStore.OpenAsync(contactPoints, _ => false), await OpenStore.OpenAsync(contactPoints, isMiddle => isMiddle),
            await OpenStore.OpenAsync(contactPoints, _ => true),
        ];
    }
}
