namespace Relay.Server.Http.Access;

/// <summary>Is told of requests whose API key is valid and may not do what they ask for.</summary>
internal interface IDenialObserver
{
    void Denied(HttpContext context);
}
