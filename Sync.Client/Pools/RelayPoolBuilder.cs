using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sync.Client.Scoring.TypedRows;

namespace Sync.Client.Pools;

/// <summary>Names the models of a <see cref="RelayPool{TData, TPrediction}"/>.</summary>
/// <typeparam name="TData">The type of rows.</typeparam>
/// <typeparam name="TPrediction">The type of answers.</typeparam>
[RequiresUnreferencedCode(RowType.Why)]
[RequiresDynamicCode(RowType.Why)]
public sealed class RelayPoolBuilder<TData, TPrediction>
    where TPrediction : class, new()
{
    private readonly IServiceCollection _services;

    internal RelayPoolBuilder(IServiceCollection services) => _services = services;

    internal Dictionary<string, string> Keys { get; } = new(StringComparer.Ordinal);

    internal string? Default { get; private set; }

    /// <summary>Adds a model of the relay. The first one is what <c>Predict(example)</c> asks.</summary>
    /// <param name="model">The model's name, or <c>relay/model</c> where <c>AddRelaySync</c> named its relay.</param>
    /// <param name="modelName">The name by which the pool is asked for it; null: that of the model.</param>
    /// <exception cref="ArgumentException">The pool has a model of that name.</exception>
    public RelayPoolBuilder<TData, TPrediction> FromRelay(string model, string? modelName = null)
    {
        string name = modelName ?? model;
        if (!Keys.TryAdd(name, model))
        {
            throw new ArgumentException($"the pool has a model '{name}' already: give this one another name", nameof(modelName));
        }

        Default ??= name;
        int slash = model.IndexOf('/');
        _services.Configure<RelaySyncOptions>(
            slash < 0 ? Options.DefaultName : model[..slash], options => options.AddModel<TData>(model[(slash + 1)..]));
        return this;
    }
}

/// <summary>Registration of pools in the shape of ML.NET's <c>AddPredictionEnginePool</c>.</summary>
public static class RelayPools
{
    /// <summary>Adds a <see cref="RelayPool{TData, TPrediction}"/>; name its models by <c>FromRelay</c>, and the relay by
    /// <c>AddRelaySync</c>.</summary>
    /// <typeparam name="TData">A type with a public property for each input of the model.</typeparam>
    /// <typeparam name="TPrediction">A class with properties such as <c>PredictedLabel</c>, <c>Score</c> and <c>Probability</c>.</typeparam>
    /// <param name="services">The app's services.</param>
    [RequiresUnreferencedCode(RowType.Why)]
    [RequiresDynamicCode(RowType.Why)]
    public static RelayPoolBuilder<TData, TPrediction> AddRelayPool<TData, TPrediction>(this IServiceCollection services)
        where TPrediction : class, new()
    {
        RelayPoolBuilder<TData, TPrediction> builder = new(services);
        services.AddSingleton(provider => new RelayPool<TData, TPrediction>(
            key => provider.GetRequiredKeyedService<IRelayModel<TData>>(key), builder));
        return builder;
    }
}
