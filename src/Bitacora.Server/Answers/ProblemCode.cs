namespace Bitacora.Server.Answers;

/// <summary>The stable codes of refused requests, as <c>docs/http-api.md</c> lists them.</summary>
internal static class ProblemCode
{
    public const string BadParameter = "bad_parameter";
    public const string QuerySyntax = "query_syntax";
    public const string BadCursor = "bad_cursor";
    public const string QueriesBusy = "queries_busy";
    public const string NoLineRead = "no_line_read";
    public const string BadBatch = "bad_batch";
    public const string BatchFromFuture = "batch_from_future";
    public const string BadEncoding = "bad_encoding";
    public const string BodyTooLarge = "body_too_large";
    public const string BodyIncomplete = "body_incomplete";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string UnsupportedEncoding = "unsupported_encoding";
    public const string Overloaded = "overloaded";
    public const string WriteFailed = "write_failed";
    public const string NotYetStored = "not_yet_stored";
    public const string Stopping = "stopping";
    public const string TooManyTails = "too_many_tails";
    public const string KeptByTable = "kept_by_table";
    public const string KeyRequired = "key_required";
    public const string KeyUnknown = "key_unknown";
    public const string KeyScope = "key_scope";
    public const string KeysUnavailable = "keys_unavailable";
    public const string ForeignSender = "foreign_sender";
    public const string ForeignSite = "foreign_site";
    public const string ForeignHost = "foreign_host";
    public const string NotFound = "not_found";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string Internal = "internal";
}
