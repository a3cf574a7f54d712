using System.Net;

namespace Relay.AdminClient;

/// <summary>The relay refused a request, or did not answer as a relay. The message is for people, without control characters; programs read
/// <see cref="Type"/>.</summary>
public sealed class RelayException : Exception
{
    public RelayException(string message)
        : base(message)
    {
    }

    internal RelayException(string message, HttpStatusCode status, string? type, IReadOnlyDictionary<string, string> errors)
        : base(message) => (Status, Type, Errors) = (status, type, errors);

    /// <summary>The status of the answer; null where there was none.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>The type of the problem, such as <c>urn:relay:problem:unknown-model</c>; null where the answer was none of a relay.</summary>
    public string? Type { get; }

    /// <summary>What the relay expects of a body, by JSON path; empty for other problems.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; } = new Dictionary<string, string>();
}
