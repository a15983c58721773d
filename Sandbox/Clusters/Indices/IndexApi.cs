using Microsoft.AspNetCore.Http;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>The part of the engines' REST API that is about indices and what is in them.</summary>
internal sealed class IndexApi
{
    private const string Timeouts = "timeout,master_timeout,cluster_manager_timeout";
    private const string Expression = "expand_wildcards,ignore_unavailable,allow_no_indices";

    private readonly IndexRoute[] _routes;
    private readonly PretendIndices _indices;

    public IndexApi(PretendIndices indices, ClusterVitals vitals)
    {
        _indices = indices;
        _routes =
        [
            .. IndexRoutes(new IndexEndpoints(indices)),
            .. AliasRoutes(new AliasEndpoints(indices)),
            .. DocumentRoutes(new DocumentEndpoints(indices), new SearchEndpoints(indices), new BulkEndpoint(indices)),
            .. OtherRoutes(new IndexNumbers(indices, vitals), new TemplateEndpoints(indices)),
        ];
    }

    /// <summary>Null when there is no such endpoint.</summary>
    /// <param name="refuse">Refuses by the name of the privilege; null for nobody is refused.</param>
    public ClusterAnswer? Answer(
        HttpRequest request, ReadOnlyMemory<byte> body, Conditions now, Func<IndexRoute, ClusterAnswer?> refuse)
    {
        var path = request.Path.Value ?? "/";
        string[] segments = path.TrimEnd('/').Split('/');
        var allowed = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var route in _routes)
        {
            if (route.Match(segments) is not { } values)
            {
                continue;
            }

            if (route.MethodList.Contains(request.Method))
            {
                return Check(route, request, path, body) ?? refuse(route) ?? Handle(route, new IndexRequest
                {
                    Values = values,
                    Query = request.Query,
                    Body = body,
                    Now = now,
                });
            }

            allowed.UnionWith(route.MethodList);
        }

        return allowed.Count == 0 ? null : EngineErrors.WrongMethod(path, request.Method, string.Join(", ", allowed));
    }

    private ClusterAnswer Handle(IndexRoute route, IndexRequest request)
    {
        try
        {
            return route.Handler(request);
        }
        catch (EngineException refused)
        {
            return refused.Error.Answer();
        }
        finally
        {
            if (route.MethodList[0] != HttpMethods.Get)
            {
                _indices.Save();
            }
        }
    }

    private ClusterAnswer? Check(IndexRoute route, HttpRequest request, string path, ReadOnlyMemory<byte> body)
    {
        string[] unknown = [.. request.Query.Keys.Where(name => !Accepts(route, name))];
        if (unknown.Length > 0)
        {
            return EngineErrors.UnknownParameters(path, unknown);
        }

        var type = request.ContentType?.Split(';')[0].Trim();
        return body.IsEmpty || type is "application/json" or "application/x-ndjson"
            || (type?.StartsWith("application/vnd.elasticsearch+", StringComparison.Ordinal) == true && _indices.Engine.LocatesErrors)
            ? null
            : EngineErrors.NoSuchContentType(request.ContentType);
    }

    private bool Accepts(IndexRoute route, string parameter) =>
        ClusterApi.Everywhere.Contains(parameter)
        || (route.ParameterList.Contains(parameter)
            && (parameter != "cluster_manager_timeout" || _indices.Engine is { IsOpenSearch: true, Major: >= 2 }));

    private static IndexRoute[] IndexRoutes(IndexEndpoints indices) =>
    [
        new("PUT", "/{index}", "indices:admin/create", $"{Timeouts},wait_for_active_shards", indices.Create),
        new("GET,HEAD", "/{index}", "indices:admin/get", $"{Timeouts},{Expression},flat_settings,include_defaults,local", indices.Get),
        new("DELETE", "/{index}", "indices:admin/delete", $"{Timeouts},{Expression}", indices.Delete),
        new("GET", "/_mapping", "indices:admin/mappings/get", $"{Timeouts},{Expression},local", indices.GetMapping),
        new("GET", "/{index}/_mapping", "indices:admin/mappings/get", $"{Timeouts},{Expression},local", indices.GetMapping),
        new("PUT,POST", "/{index}/_mapping", "indices:admin/mapping/put", $"{Timeouts},{Expression},write_index_only", indices.PutMapping),
        new("GET", "/_settings", "indices:monitor/settings/get", $"{Timeouts},{Expression},flat_settings,include_defaults,local", indices.GetSettings),
        new("GET", "/{index}/_settings", "indices:monitor/settings/get", $"{Timeouts},{Expression},flat_settings,include_defaults,local", indices.GetSettings),
        new("PUT", "/{index}/_settings", "indices:admin/settings/update", $"{Timeouts},{Expression},flat_settings,preserve_existing", indices.PutSettings),
        new("PUT", "/{index}/_block/{block}", "indices:admin/block/add", $"{Timeouts},{Expression}", indices.AddBlock),
    ];

    private static IndexRoute[] AliasRoutes(AliasEndpoints aliases) =>
    [
        new("GET,HEAD", "/_alias", "indices:admin/aliases/get", $"{Timeouts},{Expression},local", aliases.Get),
        new("GET,HEAD", "/_alias/{alias}", "indices:admin/aliases/get", $"{Timeouts},{Expression},local", aliases.Get),
        new("GET,HEAD", "/{index}/_alias", "indices:admin/aliases/get", $"{Timeouts},{Expression},local", aliases.Get),
        new("GET,HEAD", "/{index}/_alias/{alias}", "indices:admin/aliases/get", $"{Timeouts},{Expression},local", aliases.Get),
        new("POST", "/_aliases", "indices:admin/aliases", Timeouts, aliases.Change),
        new("GET", "/_resolve/index/{name}", "indices:admin/resolve/index", "expand_wildcards", aliases.Resolve),
    ];

    private static IndexRoute[] DocumentRoutes(DocumentEndpoints documents, SearchEndpoints searches, BulkEndpoint bulk)
    {
        const string Bulk = "refresh,require_alias,timeout,wait_for_active_shards,routing,type,pipeline";
        return
        [
            new("POST,PUT", "/_bulk", "indices:data/write/bulk", Bulk, bulk.Answer),
            new("POST,PUT", "/{index}/_bulk", "indices:data/write/bulk", Bulk, bulk.Answer),
            new("POST,GET", "/_refresh", "indices:admin/refresh", Expression, documents.Refresh),
            new("POST,GET", "/{index}/_refresh", "indices:admin/refresh", Expression, documents.Refresh),
            new("GET,HEAD", "/{index}/_doc/{id}", "indices:data/read/get", "realtime,refresh,routing,preference", documents.Get),
            new("GET,HEAD", "/{index}/_source/{id}", "indices:data/read/get", "realtime,refresh,routing,preference", documents.Source),
            new("POST,GET", "/{index}/_count", "indices:data/read/search", $"{Expression},routing,preference", searches.Count),
            new("POST,GET", "/{index}/_search", "indices:data/read/search", $"{Expression},routing,preference,size,track_total_hits,timeout,request_cache,allow_partial_search_results,rest_total_hits_as_int", searches.Search),
        ];
    }

    private static IndexRoute[] OtherRoutes(IndexNumbers numbers, TemplateEndpoints templates) =>
    [
        new("GET", "/_cluster/health/{index}", "cluster:monitor/health", $"{Timeouts},level,local,expand_wildcards,wait_for_status,wait_for_no_initializing_shards,wait_for_no_relocating_shards,wait_for_active_shards", numbers.Health),
        new("GET", "/{index}/_stats", "indices:monitor/stats", $"{Expression},level,forbid_closed_indices", numbers.Stats),
        new("GET", "/{index}/_stats/{metrics}", "indices:monitor/stats", $"{Expression},level,forbid_closed_indices", numbers.Stats),
        new("GET", "/_cat/allocation", "cluster:monitor/state", $"{Timeouts},bytes,h,s,v,help,local", numbers.Allocation),
        new("PUT,POST", "/_index_template/{name}", "indices:admin/index_template/put", $"{Timeouts},create,cause", templates.Put),
        new("DELETE", "/_index_template/{name}", "indices:admin/index_template/delete", Timeouts, templates.Delete),
        new("GET", "/_template", "indices:admin/template/get", $"{Timeouts},flat_settings,local", templates.GetLegacy),
        new("PUT,POST", "/_template/{name}", "indices:admin/template/put", $"{Timeouts},create,order", templates.PutLegacy),
        new("DELETE", "/_template/{name}", "indices:admin/template/delete", Timeouts, templates.Delete),
        new("POST", "/_index_template/_simulate_index/{name}", "indices:admin/index_template/simulate_index", $"{Timeouts},include_defaults", templates.Simulate),
    ];
}
