using Bitacora.Ingestion;
using Bitacora.Server.Administration;
using Bitacora.Server.Alerting;
using Bitacora.Server.Configuration;
using Bitacora.Server.Describing;
using Bitacora.Server.Intake;
using Bitacora.Server.Observing;
using Bitacora.Server.Pages;
using Bitacora.Server.PythonHandlers;
using Bitacora.Server.Searching;
using Bitacora.Server.Security;
using Bitacora.Server.Senders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.Hosting;

/// <summary>The table of all paths.</summary>
internal static class Endpoints
{
    /// <summary>Monitors ask for the head alone. OpenAPI's document has the first.</summary>
    private static readonly string[] GetOrHead = ["GET", "HEAD"];

    public static void Map(
        WebApplication web, ServerOptions options, StorageNode node, Admission admission, ServerState state, InFlightBudget budget,
        SenderBook senders, PythonListeners python, AlertLoop alerts, TimeProvider clock, ILogger logger)
    {
        var tail = new TailAnswer(node.Store, options, admission, clock);
        var search = new SearchEndpoints(new SearchAnswer(node.Store, options, clock, logger), tail, state.Stopping);
        var stats = new StatsEndpoints(node, state, options, admission, budget, tail, python, alerts, clock);
        var input = new InputSettings { Limits = options.Records, MaxLineBytes = LineIntake.MaxLineBytes };
        LineIntake Lines(Func<ILineDecoder> decoder) => new(node, new ParserPool(decoder, input, clock), options.DocumentBytes);
        var ingest = new IngestEndpoints(
            node, state, options, budget, senders, admission.Refused, Lines(() => new JsonLineDecoder(null, options.Records)),
            Lines(() => new ClefDecoder(null, options.Records)), Lines(() => new SeqEventDecoder(null, options.Records)), clock);
        var page = new SearchPage(node.Store, options, clock);
        var retention = new RetentionEndpoint(node.Store, options, clock);
        var metrics = new MetricsEndpoint(node, state, budget, tail, python, senders, admission.Refused, alerts, clock);
        var sendersList = new SendersEndpoint(senders, admission.Refused);

        Use(web, next => new ProblemMiddleware(next, logger).InvokeAsync);
        Use(web, next => new BrowserGuard(next, options.Listen.All(IsLoopback)).InvokeAsync);
        web.UseRouting();
        Use(web, next => new KeyGate(next, admission).InvokeAsync);

        web.MapPost("/api/logs", ingest.LogsAsync).WithMetadata(EndpointDocs.Logs, RequiredScope.Ingest);
        web.MapPost("/ingest/clef", ingest.ClefAsync).WithMetadata(EndpointDocs.Clef, RequiredScope.Ingest);
        web.MapPost("/api/events/raw", ingest.RawAsync).WithMetadata(EndpointDocs.Raw, RequiredScope.Ingest);
        web.MapGet("/api/search", search.GetAsync).WithMetadata(EndpointDocs.SearchByAddress, RequiredScope.Read);
        web.MapPost("/api/search", search.PostAsync).WithMetadata(EndpointDocs.SearchByBody, RequiredScope.Read);
        web.MapGet("/api/tail", search.TailAsync).WithMetadata(EndpointDocs.Tail, RequiredScope.Read);
        web.MapGet("/api/origins/{origin}", stats.OriginAsync).WithMetadata(EndpointDocs.Origin, RequiredScope.Ingest);
        web.MapGet("/api/fields", stats.FieldsAsync).WithMetadata(EndpointDocs.Fields, RequiredScope.Read);
        web.MapGet("/api/stats", stats.StatsAsync).WithMetadata(EndpointDocs.Stats, RequiredScope.Read);
        web.MapPost("/api/storage/retention", retention.PostAsync).WithMetadata(EndpointDocs.Retention, RequiredScope.Manage);
        web.MapGet("/api/senders", sendersList.GetAsync).WithMetadata(EndpointDocs.Senders, RequiredScope.Read);
        web.MapMethods("/health/live", GetOrHead, StatsEndpoints.LiveAsync).WithMetadata(EndpointDocs.Live, RequiredScope.Nothing);
        web.MapMethods("/health/ready", GetOrHead, stats.ReadyAsync).WithMetadata(EndpointDocs.Ready, RequiredScope.Nothing);
        web.MapGet("/metrics", metrics.WriteAsync).WithMetadata(EndpointDocs.Metrics, RequiredScope.Read);
        web.MapGet("/", page.GetAsync).WithMetadata(EndpointDocs.Page, RequiredScope.Read);
        web.MapGet("/search", page.GetAsync).WithMetadata(EndpointDocs.Page, RequiredScope.Read);
        web.MapOpenApi().WithMetadata(RequiredScope.Nothing);
    }

    private static void Use(WebApplication web, Func<RequestDelegate, RequestDelegate> middleware) => web.Use(middleware);

    private static bool IsLoopback(string text) => ListenAddress.TryParse(text, out var address) && address.IsLoopback;
}
