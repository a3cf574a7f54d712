using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using Relay.Server.Keys.Signers;
using Shared.Contracts.Cms;

namespace Relay.Server.Signing;

/// <summary>A client of a time-stamp authority (RFC 3161): adds a token to a CMS signature, as an unsigned attribute.</summary>
internal sealed class TimestampClient(Uri authority, TimeProvider timeProvider) : IDisposable
{
    private const int Attempts = 3;
    private const int MaximumResponseBytes = 32_768;
    private const int NonceBytes = 16;
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        Timeout = AttemptTimeout,
        MaxResponseContentBufferSize = MaximumResponseBytes,
    };

    /// <returns>The signature with the token in it. A signature that has a token already is returned unchanged.</returns>
    /// <exception cref="SigningException">The authority does not answer, or not with a token for this signature.</exception>
    public async Task<byte[]> StampAsync(byte[] signature, CancellationToken cancellationToken)
    {
        SignedCms cms = new();
        cms.Decode(signature);
        SignerInfo signer = cms.SignerInfos[0];
        if (signer.UnsignedAttributes.Count > 0)
        {
            return signature;
        }

        byte[] nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        nonce[0] = (byte)((nonce[0] & 0x7F) | 1);                       // a positive number in its shortest form
        Rfc3161TimestampRequest request = Rfc3161TimestampRequest.CreateFromSignerInfo(
            signer, HashAlgorithmName.SHA256, nonce: nonce, requestSignerCertificates: true);
        byte[] answer = await AskAsync(request.Encode(), cancellationToken);
        Rfc3161TimestampToken token;
        try
        {
            token = request.ProcessResponse(answer, out int read);
            if (read != answer.Length)
            {
                throw Failed("answered with more than a token");
            }
        }
        catch (CryptographicException refused) when (refused is not SigningException)
        {
            throw Failed($"gave no token for the signature: {refused.Message}", refused);
        }

        signer.AddUnsignedAttribute(new AsnEncodedData(
            new Oid(CmsProfile.TimestampTokenAttribute), token.AsSignedCms().Encode()));
        return cms.Encode();
    }

    public void Dispose() => _http.Dispose();

    private async Task<byte[]> AskAsync(byte[] request, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            Exception problem;
            try
            {
                using ByteArrayContent content = new(request);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/timestamp-query");
                using HttpResponseMessage response = await _http.PostAsync(authority, content, cancellationToken);
                if (response.StatusCode != HttpStatusCode.OK)
                {
                    throw new HttpRequestException($"HTTP status {(int)response.StatusCode}");
                }

                return await response.Content.ReadAsByteArrayAsync(cancellationToken);
            }
            catch (HttpRequestException unreachable)
            {
                problem = unreachable;
            }
            catch (OperationCanceledException slow) when (!cancellationToken.IsCancellationRequested)
            {
                problem = slow;
            }

            if (attempt == Attempts)
            {
                throw Failed($"did not answer {Attempts} times: {problem.Message}", problem);
            }

            await Task.Delay(Pause * attempt, timeProvider, cancellationToken);
        }
    }

    private SigningException Failed(string how, Exception? inner = null) =>
        new($"The time-stamp authority {authority} {how}.", inner) { Fault = SigningFault.Authority };
}
