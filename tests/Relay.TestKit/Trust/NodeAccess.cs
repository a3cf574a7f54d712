using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Nodes;

namespace Relay.TestKit.Trust;

/// <summary>The part of a relay that knows nodes by their keys: it enrolls them, and answers a request that none of them signed. The signatures are
/// verified by what the relay itself verifies them with.</summary>
/// <param name="clock">The clock of the relay.</param>
public sealed class NodeAccess(TimeProvider clock)
{
    /// <summary>The tokens that enroll a node.</summary>
    public ConcurrentDictionary<string, bool> Tokens { get; } = [];

    /// <summary>The public key of each node, as SubjectPublicKeyInfo in base64.</summary>
    public ConcurrentDictionary<string, string> Keys { get; } = [];

    /// <summary>The number of the last check-in of each node.</summary>
    public ConcurrentDictionary<string, long> Last { get; } = [];

    /// <summary>The requests to enroll, in their order.</summary>
    public ConcurrentQueue<NodeEnrollment> Enrollments { get; } = [];

    /// <summary>The types of the problems that were answered, in their order.</summary>
    public ConcurrentQueue<string> Problems { get; } = [];

    /// <summary>True for a relay that also takes requests of nodes that it does not know: what they read, and reports without a signature.</summary>
    public bool IsOpen { get; set; }

    /// <summary>True for a relay that takes no further node.</summary>
    public bool IsFull { get; set; }

    /// <summary>How far the clock of the relay is ahead.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>What a relay says that its time is, whatever it goes by; null for the truth.</summary>
    public string? StatedTime { get; set; }

    /// <summary>Answers an enrollment before the relay does; null to let it answer.</summary>
    public Func<NodeEnrollment, int?> Instead { get; set; } = _ => null;

    private DateTimeOffset Now => clock.GetUtcNow() + Ahead;

    /// <summary>Answers what the repository does not: true when it did.</summary>
    internal async Task<bool> AnswerAsync(HttpContext http, byte[] body)
    {
        NodeEnrollment? enrollment = http.Request.Path == Routes.Enroll
            ? JsonSerializer.Deserialize(body, RelayApiJson.Default.NodeEnrollment)
            : null;
        (RequestSignature? signature, CoveredComponents? components) = Read(http, body);
        string? key = enrollment?.PublicKey ?? (signature is null ? null : Keys.GetValueOrDefault(signature.NodeId));
        if (enrollment is null && IsOpen && key is null && (signature is null || HttpMethods.IsGet(http.Request.Method)) && !IsOfKnownNode(http))
        {
            return false;
        }

        IResult? refused = signature is null || components is null
            ? Refuse(401, IsOpen && IsOfKnownNode(http) ? NodeProblems.Signature : NodeProblems.Unauthorized)
            : key is null ? Refuse(401, NodeProblems.UnknownNode)
            : (Now - signature.Created).Duration() > RequestSignature.MaximumAge ? RefuseTime()
            : !IsValid(signature, components, key) ? Refuse(401, NodeProblems.Signature)
            : enrollment is not null ? Enroll(enrollment)
            : HttpMethods.IsPost(http.Request.Method) ? Count(signature.NodeId, body)
            : null;
        if (refused is null)
        {
            return false;
        }

        await refused.ExecuteAsync(http);
        return true;
    }

    private static (RequestSignature? Signature, CoveredComponents? Components) Read(HttpContext http, byte[] body)
    {
        string? digest = http.Request.Headers[ContentDigest.Header];
        bool isWhole = !CoveredComponents.CoversBody(http.Request.Method) || ContentDigest.Matches(digest, body);
        return isWhole
            ? (RequestSignature.Read(http.Request.Headers[RequestSignature.InputHeader].ToString(),
                http.Request.Headers[RequestSignature.SignatureHeader].ToString()).Value,
                CoveredComponents.Create(http.Request.Method, http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, digest).Value)
            : default;
    }

    private bool IsOfKnownNode(HttpContext http) => Keys.Keys.Any(node => http.Request.Path == Routes.CheckInsOf(node));

    private static bool IsValid(RequestSignature signature, CoveredComponents components, string publicKey)
    {
        using ECDsa key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
        return signature.IsValidFor(components, key);
    }

    private IResult Enroll(NodeEnrollment enrollment)
    {
        Enrollments.Enqueue(enrollment);
        if (Instead(enrollment) is { } status)
        {
            return Results.StatusCode(status);
        }

        if (Keys.TryGetValue(enrollment.Node, out string? known))
        {
            return known == enrollment.PublicKey ? Results.Ok() : Refuse(409, NodeProblems.NodeExists);
        }

        if (!Tokens.ContainsKey(enrollment.Token))
        {
            return Refuse(401, NodeProblems.EnrollmentToken);
        }

        if (Keys.Values.Contains(enrollment.PublicKey))
        {
            return Refuse(409, NodeProblems.KeyExists);
        }

        if (IsFull)
        {
            return Refuse(503, NodeProblems.FleetFull);
        }

        Keys[enrollment.Node] = enrollment.PublicKey;
        return Results.StatusCode(201);
    }

    // Null for a check-in that is new.
    private IResult? Count(string node, byte[] body)
    {
        long number = JsonSerializer.Deserialize(body, RelayApiJson.Default.CheckIn)!.Sequence;
        long last = Last.GetValueOrDefault(node);
        if (number > last)
        {
            Last[node] = number;
            return null;
        }

        return number == last ? Results.NoContent() : Refuse(409, NodeProblems.Sequence, new() { [NodeProblems.LastMember] = last });
    }

    private IResult RefuseTime() => Refuse(
        401, NodeProblems.SignatureTime, new() { [NodeProblems.RelayTimeMember] = StatedTime ?? (object)Now });

    private IResult Refuse(int status, string type, Dictionary<string, object?>? members = null)
    {
        Problems.Enqueue(type);
        return Results.Problem("a detail for people", statusCode: status, type: type, extensions: members);
    }
}
