using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Relay.Training.Federated;

namespace Relay.Server.Federation;

/// <summary>An owner's connection to a coordinator. One request stays open and tells when the round ends, also while this owner computes;
/// each step is one more.</summary>
internal sealed class HttpRoundTransport : IRoundTransport, IAsyncDisposable
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PingTime = TimeSpan.FromSeconds(15);

    /// <summary>For the reason that the coordinator gives, after an answer failed.</summary>
    private static readonly TimeSpan ReasonTime = TimeSpan.FromSeconds(2);

    /// <summary>A coordinator answers to an owner that joins at once, and ends a step that takes too long; this is for one that does not.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly RoundDocument _round;
    private readonly HttpResponseMessage _presence;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _end;
    private volatile RoundException? _failure;
    private bool _isFirstStep = true;

    private HttpRoundTransport(HttpClient http, RoundDocument round, HttpResponseMessage presence, Stream end)
    {
        (_http, _round, _presence) = (http, round, presence);
        _end = FollowAsync(end);
    }

    /// <summary>Is cancelled when the round ends without a model.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Why the round ended without a model; null while it goes on, and where all owners have the model.</summary>
    public RoundException? Failure => _failure;

    /// <summary>Joins the round.</summary>
    /// <param name="trust">Which certificates to trust; null: those of the system's authorities.</param>
    /// <exception cref="RoundException">The coordinator is not reached, does not answer, or refuses.</exception>
    public static async Task<HttpRoundTransport> ConnectAsync(
        Uri coordinator, X509ChainPolicy? trust, RoundDocument round, OwnerKey key, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectTime,
            KeepAlivePingDelay = PingInterval,
            KeepAlivePingTimeout = PingTime,
            InitialHttp2StreamWindowSize = RoundMessage.MaxPayload,
        };
        handler.SslOptions.CertificateChainPolicy = trust;
        HttpClient http = new(handler)
        {
            BaseAddress = coordinator,
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using CancellationTokenSource late = new(Patience, timeProvider);
        using CancellationTokenSource wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        HttpResponseMessage? response = null;
        try
        {
            byte[] message = Sign(MessageKind.Presence, round, key, []);
            response = await CoordinatorAnswer.PostAsync(http, FederationRoutes.Presence, message, wait.Token);
            Stream end = await response.Content.ReadAsStreamAsync(wait.Token);
            byte[] token = new byte[RoundBoard.TokenLength];
            await end.ReadExactlyAsync(token, wait.Token);
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Convert.ToHexStringLower(token));
            return new HttpRoundTransport(http, round, response, end);
        }
        catch (Exception e)
        {
            response?.Dispose();
            http.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            bool isLate = e is OperationCanceledException;
            if (isLate || e is HttpRequestException { HttpRequestError: not HttpRequestError.SecureConnectionError } or IOException)
            {
                string found = isLate ? "no answer in time" : e.Message;
                throw new RoundException(
                    RoundFault.CoordinatorLost, $"{coordinator} does not answer as a coordinator: {found}; start it first, check the address", e);
            }

            throw;
        }
    }

    public byte[][] Exchange(byte[] message, CancellationToken cancellationToken)
    {
        using CancellationTokenSource wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        wait.CancelAfter((_isFirstStep ? _round.JoinTime : _round.StepTime) + Patience);
        _isFirstStep = false;
        try
        {
            // Training is one thread that waits for each sum.
            return ExchangeAsync(message, wait.Token).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task.WaitAny([_end], ReasonTime);
            throw Failure ?? new RoundException(RoundFault.CoordinatorLost, "The coordinator does not answer any more; nothing was trained", e);
        }
    }

    /// <summary>Tells all owners that this one ends the round.</summary>
    /// <param name="why">The name of a fault of training or of the round; any other text stands for a stop.</param>
    public async Task LeaveAsync(OwnerKey key, string why)
    {
        try
        {
            using CancellationTokenSource wait = new(ReasonTime);
            byte[] message = Sign(MessageKind.Leave, _round, key, Encoding.ASCII.GetBytes(why));
            (await CoordinatorAnswer.PostAsync(_http, FederationRoutes.Leave, message, wait.Token)).Dispose();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or RoundException)
        {
            // The connection that ends with this process says the same.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _presence.Dispose();
        _http.Dispose();
        await _end.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    private async Task<byte[][]> ExchangeAsync(byte[] message, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await CoordinatorAnswer.PostAsync(_http, FederationRoutes.Messages, message, cancellationToken);
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await MessageFrames.ReadAsync(body, _round.Owners.Count, cancellationToken);
    }

    private async Task FollowAsync(Stream body)
    {
        RoundEnd end;
        try
        {
            end = CoordinatorAnswer.Parse(await CoordinatorAnswer.ReadShortAsync(body, CancellationToken.None));
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            end = new RoundEnd(RoundFault.CoordinatorLost, "The connection to the coordinator broke; nothing was trained");
        }

        if (end.Fault is { } fault)
        {
            _failure = new RoundException(fault, end.Detail);
            _ended.Cancel();
        }
    }

    private static byte[] Sign(MessageKind kind, RoundDocument round, OwnerKey key, byte[] payload) =>
        new RoundMessage(kind, round.FindOwner(key.PublicKey), 0, round.Digest, new byte[32], payload).ToBytes(key);
}
