using Bitacora.Ingestion;
using Bitacora.Server.Administration;
using Bitacora.Server.Configuration;
using Bitacora.Server.Describing;
using Bitacora.Server.Intake;
using Bitacora.Server.Observing;
using Bitacora.Server.Pages;
using Bitacora.Server.PythonHandlers;
using Bitacora.Server.Searching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.Hosting;

/// <summary>The table of all paths.</summary>
internal static class Endpoints
{
    public static void Map(
        WebApplication web, ServerOptions options, StorageNode node, ServerState state, InFlightBudget budget, PythonListeners python,
        TimeProvider clock, ILogger logger)
    {
        var tail = new TailAnswer(node.Store, options, clock);
        var search = new SearchEndpoints(new SearchAnswer(node.Store, options, clock, logger), tail, state.Stopping);
        var stats = new StatsEndpoints(node, state, options, budget, tail, python, clock);
        var input = new InputSettings { Limits = options.Records, MaxLineBytes = LineIntake.MaxLineBytes };
        LineIntake Lines(Func<ILineDecoder> decoder) => new(node, new ParserPool(decoder, input, clock), options.DocumentBytes);
        var ingest = new IngestEndpoints(
            node, state, options, budget, Lines(() => new JsonLineDecoder(null, options.Records)),
            Lines(() => new ClefDecoder(null, options.Records)), Lines(() => new SeqEventDecoder(null, options.Records)), clock);
        var page = new SearchPage(node.Store, options, clock);
        var retention = new RetentionEndpoint(node.Store, options, clock);
        var metrics = new MetricsEndpoint(node, state, budget, tail, python);

        Use(web, next => new ProblemMiddleware(next, logger).InvokeAsync);
        Use(web, next => new BrowserGuard(next, options.Listen.All(IsLoopback)).InvokeAsync);
        web.UseRouting();

        web.MapPost("/api/logs", ingest.LogsAsync).WithMetadata(EndpointDocs.Logs);
        web.MapPost("/ingest/clef", ingest.ClefAsync).WithMetadata(EndpointDocs.Clef);
        web.MapPost("/api/events/raw", ingest.RawAsync).WithMetadata(EndpointDocs.Raw);
        web.MapGet("/api/search", search.GetAsync).WithMetadata(EndpointDocs.SearchByAddress);
        web.MapPost("/api/search", search.PostAsync).WithMetadata(EndpointDocs.SearchByBody);
        web.MapGet("/api/tail", search.TailAsync).WithMetadata(EndpointDocs.Tail);
        web.MapGet("/api/origins/{origin}", stats.OriginAsync).WithMetadata(EndpointDocs.Origin);
        web.MapGet("/api/fields", stats.FieldsAsync).WithMetadata(EndpointDocs.Fields);
        web.MapGet("/api/stats", stats.StatsAsync).WithMetadata(EndpointDocs.Stats);
        web.MapPost("/api/storage/retention", retention.PostAsync).WithMetadata(EndpointDocs.Retention);
        web.MapGet("/health/live", StatsEndpoints.LiveAsync).WithMetadata(EndpointDocs.Live);
        web.MapGet("/health/ready", stats.ReadyAsync).WithMetadata(EndpointDocs.Ready);
        web.MapGet("/metrics", metrics.WriteAsync).WithMetadata(EndpointDocs.Metrics);
        web.MapGet("/", page.GetAsync).WithMetadata(EndpointDocs.Page);
        web.MapGet("/search", page.GetAsync).WithMetadata(EndpointDocs.Page);
        web.MapOpenApi();
    }

    private static void Use(WebApplication web, Func<RequestDelegate, RequestDelegate> middleware) => web.Use(middleware);

    private static bool IsLoopback(string text) => ListenAddress.TryParse(text, out var address) && address.IsLoopback;
}
