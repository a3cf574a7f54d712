using Relay.Server.Models.Aliases;
using Relay.Server.Models.Annotations;
using Relay.Server.Models.Comparison;

namespace Relay.Server.Models;

/// <summary>Models and their versions.</summary>
internal static class ModelsFeature
{
    public static IServiceCollection AddModels(this IServiceCollection services) => services
        .AddSingleton<ModelStore>()
        .AddSingleton<AliasStore>()
        .AddSingleton<AnnotatedSubject>()
        .AddSingleton<TagStore>()
        .AddSingleton<NoteStore>()
        .AddSingleton<VersionSteps>()
        .AddSingleton<VersionFiles>()
        .AddSingleton<VersionStore>();

    public static IEndpointRouteBuilder MapModels(this IEndpointRouteBuilder app)
    {
        ModelEndpoints.Map(app);
        AliasEndpoints.Map(app);
        TagEndpoints.Map(app);
        NoteEndpoints.Map(app);
        CardEndpoints.Map(app);
        ComparisonEndpoints.Map(app);
        VersionFileEndpoints.Map(app);
        StableModelEndpoints.Map(app);
        return app;
    }
}
