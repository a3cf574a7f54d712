using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Sync.Client.AspNetCore.Scoring;

namespace Sync.Client.AspNetCore;

/// <summary>Registration of threat scoring in an ASP.NET Core app.</summary>
public static class ThreatScoring
{
    /// <summary>Adds what <see cref="UseThreatScoring"/> needs. The app calls <c>AddRelaySync</c> too.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">Sets the options; null for the defaults.</param>
    public static IServiceCollection AddThreatScoring(this IServiceCollection services, Action<ThreatScoringOptions>? configure = null)
    {
        services.AddOptions<ThreatScoringOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ThreatScoringOptions>, ThreatScoringValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.TryAddSingleton<ThreatMeter>();
        services.TryAddSingleton<RequestScorer>();
        return services;
    }

    /// <summary>Scores each request before the app answers it, and applies the policy of its endpoint. Place it after <c>UseRouting</c>, where the
    /// app
    /// calls that, and before what it protects.</summary>
    /// <exception cref="InvalidOperationException">The services lack <see cref="AddThreatScoring"/>.</exception>
    public static IApplicationBuilder UseThreatScoring(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetService<RequestScorer>() is null)
        {
            throw new InvalidOperationException($"UseThreatScoring needs services.{nameof(AddThreatScoring)}().");
        }

        return app.UseMiddleware<ThreatScoringMiddleware>();
    }

    /// <summary>Gives endpoints a policy of their own; that of an endpoint replaces that of its group.</summary>
    /// <exception cref="ArgumentException">The policy has a score that is none.</exception>
    public static TBuilder WithThreatPolicy<TBuilder>(this TBuilder endpoints, ThreatPolicy policy)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.FindError(hasChallenge: true) is { } error)
        {
            throw new ArgumentException(error, nameof(policy));
        }

        return endpoints.WithMetadata(policy);
    }

    /// <summary>Leaves endpoints out: their requests are neither scored nor part of a client's history. For health checks and the like.</summary>
    public static TBuilder WithoutThreatScoring<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(ThreatPolicy.Exempt);

    /// <summary>The verdict of this request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="verdict">What the model said.</param>
    /// <returns>False for a request that was left out, or came before <see cref="UseThreatScoring"/>.</returns>
    public static bool TryGetThreatVerdict(this HttpContext context, [NotNullWhen(true)] out ThreatVerdict? verdict)
    {
        verdict = context.Features.Get<VerdictFeature>()?.Verdict;
        return verdict is not null;
    }
}
