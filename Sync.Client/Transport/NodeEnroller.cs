using System.Net.Http.Headers;
using System.Text.Json;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Nodes;
using Sync.Client.Identity;

namespace Sync.Client.Transport;

/// <summary>Makes the node's key known to its relay, by a token of the relay's operator: at the first start with a token, and whenever the relay does
/// not know the key. One request at a time, for any thread.</summary>
/// <param name="relay">The address of the relay; its path ends with a slash.</param>
/// <param name="onEnrolled">Called after the relay accepted the key.</param>
internal sealed class NodeEnroller(Uri relay, NodeIdentity identity, EnrollmentTokens tokens, TimeProvider timeProvider,
    Action onEnrolled) : IDisposable
{
    /// <summary>The time for which a refused token is not sent again: a fleet would ask at each poll.</summary>
    private static readonly TimeSpan RefusedTime = TimeSpan.FromMinutes(1);

    /// <summary>The time for which a relay without enrollment is not asked again: it may be newer by then.</summary>
    private static readonly TimeSpan OlderRelayTime = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private volatile Refused? _refused;
    private volatile OlderRelay? _olderRelay;

    /// <summary>True where the node has a token and a key that no relay at this address has enrolled yet.</summary>
    public bool IsDue =>
        tokens.IsConfigured && identity.Key is not null && !identity.IsEnrolledWith(relay)
        && !(_olderRelay is { } older && timeProvider.GetElapsedTime(older.Since) < OlderRelayTime)
        && !(_refused is { } refused && timeProvider.GetElapsedTime(refused.Since) < RefusedTime);

    /// <param name="send">Sends a signed request.</param>
    public async Task<Enrollment> EnrollAsync(Func<HttpRequestMessage, Task<SignedExchange>> send, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            (string? token, string? error) = tokens.Read();
            if (token is null)
            {
                return Refuse(new(RefusalReason.EnrollmentRefused, identity.NodeId, error!), token: "");
            }

            // Another token may be what the operator did about it, or the removal of the node whose name this one has.
            if (_refused is { IsForName: false } refused && refused.Token == token && timeProvider.GetElapsedTime(refused.Since) < RefusedTime)
            {
                return new(refused.Refusal, null);
            }

            return await SendAsync(token, send, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<Enrollment> SendAsync(string token, Func<HttpRequestMessage, Task<SignedExchange>> send, CancellationToken cancellationToken)
    {
        byte[] publicKey = identity.Key!.PublicKey;
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(
            new NodeEnrollment(identity.NodeId, Convert.ToBase64String(publicKey), token), NodeApiJson.Default.NodeEnrollment);
        using HttpRequestMessage request = RelayHttp.CreateRequest(HttpMethod.Post, new Uri(relay, Routes.Enroll.TrimStart('/')).AbsoluteUri);
        request.Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        (HttpResponseMessage response, RelayProblem? problem, _) = await send(request).ConfigureAwait(false);
        int status = (int)response.StatusCode;
        if (status == 503)
        {
            problem = await RelayProblem.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        }

        if (status is 408 or 429 or >= 500 && problem?.Type is not NodeProblems.FleetFull)
        {
            return new(null, response);
        }

        using (response)
        {
            switch (status)
            {
                case >= 200 and < 300:
                    (_refused, _olderRelay) = (null, null);
                    identity.NoteEnrolled(relay);
                    onEnrolled();
                    return Enrollment.Accepted;
                case 404 or 405 or 410:
                    (_refused, _olderRelay) = (null, new(timeProvider.GetTimestamp()));
                    identity.NoteRefused(null);
                    return Enrollment.Accepted;
                default:
                    problem ??= await RelayProblem.ReadAsync(response, cancellationToken).ConfigureAwait(false);
                    return Refuse(
                        IdentityRefusals.Explain(problem, identity)
                        ?? new(RefusalReason.EnrollmentRefused, identity.NodeId, $"the relay does not enroll this node ({problem.Text})"), token,
                        isForName: problem.Type is NodeProblems.NodeExists);
            }
        }
    }

    private Enrollment Refuse(Refusal refusal, string token, bool isForName = false)
    {
        _refused = new(refusal, token, isForName, timeProvider.GetTimestamp());
        identity.NoteRefused(tokens.IsConfigured ? refusal : null);
        return new(refusal, null);
    }

    private sealed record Refused(Refusal Refusal, string Token, bool IsForName, long Since);

    private sealed record OlderRelay(long Since);
}
