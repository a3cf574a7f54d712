using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Relay.TestKit.Identity;

/// <summary>A small OpenID Connect issuer on loopback: a discovery document and a key set over HTTPS, and tokens of any content, also of those that
/// no honest issuer would sign.</summary>
public sealed class TestIssuer : IAsyncDisposable
{
    public const string Audience = "https://relay.example.com";

    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;
    private int _requests;

    private TestIssuer(WebApplication app, X509Certificate2 certificate) => (_app, _certificate) = (app, certificate);

    /// <summary>As its tokens name it.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The certificate to trust, in PEM.</summary>
    public string AuthorityPem => _certificate.ExportCertificatePem();

    /// <summary>The keys that the key set has; the last one signs.</summary>
    public List<IssuerKey> Keys { get; } = [IssuerKey.CreateRsa("first")];

    /// <summary>Members that replace those of the discovery document.</summary>
    public JsonObject Discovery { get; } = [];

    /// <summary>True: every request is answered by 503.</summary>
    public bool IsDown { get; set; }

    /// <summary>The identity token that the next code gives, made from the nonce of the sign-in; null: the token endpoint refuses.</summary>
    public Func<string, string>? SignIn { get; set; }

    /// <summary>What the last request to the token endpoint had.</summary>
    public IFormCollection? Redeemed { get; private set; }

    /// <summary>The number of requests for its documents.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public static async Task<TestIssuer> StartAsync()
    {
        X509Certificate2 certificate = IssuerCertificate.Create();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        WebApplication app = builder.Build();
        TestIssuer issuer = new(app, certificate);
        app.Run(issuer.AnswerAsync);
        await app.StartAsync();
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        issuer.Address = $"https://localhost:{new Uri(address).Port}";
        return issuer;
    }

    /// <summary>Writes an identity file that trusts this issuer.</summary>
    /// <param name="grants">The JSON of its grants.</param>
    /// <param name="more">The JSON of more members, each with a comma before it.</param>
    public string WriteFile(string folder, string grants, string more = "")
    {
        File.WriteAllText(Path.Combine(folder, "issuer.pem"), AuthorityPem);
        string file = Path.Combine(folder, "identity.json");
        File.WriteAllText(file, $$"""
            {
              "issuers": [
                {
                  "issuer": "{{Address}}", "audience": "{{Audience}}", "certificateAuthority": "issuer.pem", "grants": {{grants}}{{more}}
                }
              ]
            }
            """);
        return file;
    }

    /// <summary>The claims of a token that is valid for ten minutes.</summary>
    public JsonObject Claims(string subject = "repo:octo/models:ref:refs/heads/main")
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return new()
        {
            ["iss"] = Address,
            ["aud"] = Audience,
            ["sub"] = subject,
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + 600,
        };
    }

    /// <summary>A token with these claims beside the usual ones; null removes one.</summary>
    public string CreateToken(params (string Name, JsonNode? Value)[] claims)
    {
        JsonObject all = Claims();
        foreach ((string name, JsonNode? value) in claims)
        {
            all.Remove(name);
            if (value is not null)
            {
                all[name] = value;
            }
        }

        return Sign(all);
    }

    /// <param name="key">Null: the last of the keys.</param>
    /// <param name="type">The header <c>typ</c>; null: none.</param>
    public string Sign(JsonObject claims, IssuerKey? key = null, string? type = "JWT")
    {
        key ??= Keys[^1];
        JsonObject header = new() { ["alg"] = key.Algorithm, ["kid"] = key.Id };
        if (type is not null)
        {
            header["typ"] = type;
        }

        return Join(header, claims, key.Sign);
    }

    /// <summary>A token with this header, whatever it says.</summary>
    public static string Join(JsonObject header, JsonObject claims, Func<byte[], byte[]> sign)
    {
        string signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
        Keys.ForEach(key => key.Dispose());
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        if (context.Request.Path == "/token")
        {
            return RedeemAsync(context);
        }

        if (IsDown)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        }

        JsonObject document = context.Request.Path == "/keys"
            ? new() { ["keys"] = new JsonArray([.. Keys.Select(key => key.ToJwk())]) }
            : new()
            {
                ["issuer"] = Address,
                ["jwks_uri"] = $"{Address}/keys",
                ["authorization_endpoint"] = $"{Address}/authorize",
                ["token_endpoint"] = $"{Address}/token",
            };
        foreach ((string name, JsonNode? value) in context.Request.Path == "/keys" ? [] : Discovery)
        {
            document[name] = value?.DeepClone();
        }

        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(document.ToJsonString());
    }

    private async Task RedeemAsync(HttpContext context)
    {
        Redeemed = await context.Request.ReadFormAsync();
        if (SignIn is not { } signIn)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        JsonObject answer = new() { ["access_token"] = "opaque", ["token_type"] = "Bearer", ["id_token"] = signIn(Redeemed["code"].ToString()) };
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString());
    }
}
