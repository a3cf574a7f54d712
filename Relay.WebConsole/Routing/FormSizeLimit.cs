using Microsoft.AspNetCore.Http.Metadata;

namespace Relay.WebConsole.Routing;

/// <summary>The bytes that a form may have; the server refuses a larger body.</summary>
internal sealed record FormSizeLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
