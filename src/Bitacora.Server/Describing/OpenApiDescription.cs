using System.Globalization;
using Bitacora.Server.Answers;
using Bitacora.Server.Observing;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace Bitacora.Server.Describing;

/// <summary>Writes the OpenAPI document from the endpoints that run and what they say of themselves.</summary>
internal sealed class OpenApiDescription(EndpointDataSource endpoints) : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = "Bitácora", Version = ProductVersion.Text, Description = "See docs/http-api.md." };
        document.Servers = null;
        document.Paths = [];
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<EndpointDoc>() is { } doc
                && endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is { } methods)
            {
                Add(document.Paths, endpoint.RoutePattern.RawText!, HttpMethod.Parse(methods.HttpMethods[0]), doc);
            }
        }

        return Task.CompletedTask;
    }

    private static void Add(OpenApiPaths paths, string path, HttpMethod method, EndpointDoc doc)
    {
        if (!paths.TryGetValue(path, out var item))
        {
            paths[path] = item = new OpenApiPathItem();
        }

        ((OpenApiPathItem)item).AddOperation(method, Operation(path, doc));
    }

    private static OpenApiOperation Operation(string path, EndpointDoc doc)
    {
        var operation = new OpenApiOperation
        {
            Summary = doc.Summary,
            Parameters =
            [
                .. path.Contains("{origin}", StringComparison.Ordinal)
                    ? new[] { Parameter("origin", "32 hexadecimal digits", ParameterLocation.Path) }
                    : [],
                .. doc.Query.Select(query => Parameter(query.Name, query.Purpose, ParameterLocation.Query)),
                .. doc.Headers.Select(header => Parameter(header.Name, header.Purpose, ParameterLocation.Header)),
            ],
            Responses = new OpenApiResponses { [Text(doc.Success)] = Response(doc.Success, doc.Answer) },
        };
        if (doc.Body.Count > 0)
        {
            operation.RequestBody = new OpenApiRequestBody { Content = doc.Body.ToDictionary(type => type, _ => new OpenApiMediaType()) };
        }

        foreach (var status in doc.Problems)
        {
            operation.Responses[Text(status)] = Response(status, Problem.MediaType);
        }

        return operation;
    }

    private static OpenApiParameter Parameter(string name, string purpose, ParameterLocation location) => new()
    {
        Name = name,
        Description = purpose,
        In = location,
        Required = location == ParameterLocation.Path,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static OpenApiResponse Response(int status, string type) => new()
    {
        Description = ReasonPhrases.GetReasonPhrase(status),
        Content = new Dictionary<string, OpenApiMediaType> { [type] = new OpenApiMediaType() },
    };

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
